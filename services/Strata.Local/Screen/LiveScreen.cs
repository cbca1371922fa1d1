using System.Globalization;
using Grpc.Core;
using Spectre.Console;
using Spectre.Console.Rendering;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using Strata.Local.Traffic;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Screen;

/// <summary>
/// Draws what flows, twice a second: counts, layers, one shopper's layers and their slate. Knows no more than any client of the APIs does.
/// </summary>
internal sealed class LiveScreen(
    LocalAddresses addresses,
    LayersClient layers,
    RankingClient ranking,
    TrafficStatus traffic,
    RecentWarnings warnings,
    TimeProvider time)
{
    private const int MostRows = 12;
    private const int LeastRows = 2;
    private const int PositionsShown = 8;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PatienceWithIdleShopper = TimeSpan.FromSeconds(8);

    private string? _watched;
    private string? _lastWords;
    private long _lastSeen;
    private (long Events, long Time) _before;
    private double _eventsPerSecond;

    public Task RunAsync(CancellationToken cancellationToken)
        => AnsiConsole.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    live.UpdateTarget(await DrawAsync(cancellationToken));
                    await Task.Delay(Refresh, time, cancellationToken);
                }
                catch (Exception stopped) when (
                    cancellationToken.IsCancellationRequested && stopped is OperationCanceledException or RpcException)
                {
                    return;
                }
            }
        });

    private async Task<IRenderable> DrawAsync(CancellationToken cancellationToken)
    {
        Watch();
        var all = await layers.ListLayersAsync(new ListLayersRequest(), cancellationToken: cancellationToken);
        IRenderable[] above = [new Markup(addresses.Describe()), Counts(all)];
        IRenderable[] below = [.. warnings.Newest().Select(warning => new Markup($"[yellow]{Markup.Escape(warning)}[/]"))];
        if (_watched is not { } user)
        {
            return Fitting(rows => [.. above, LayerTable(all, rows), .. below]);
        }

        var own = await layers.GetUserLayersAsync(new GetUserLayersRequest { UserId = user }, cancellationToken: cancellationToken);
        var slate = await ranking.RecommendAsync(
            new RecommendRequest { UserId = user, Count = PositionsShown, DryRun = true },
            cancellationToken: cancellationToken);
        return Fitting(
            rows => [.. above, new Columns(LayerTable(all, rows), OwnLayers(user, own, rows)), Slate(user, slate, rows), .. below]);
    }

    /// <summary>As many rows of each table as fit into the window.</summary>
    private static Rows Fitting(Func<int, IReadOnlyList<IRenderable>> draw)
    {
        var (options, profile) = (RenderOptions.Create(AnsiConsole.Console), AnsiConsole.Profile);
        for (var rows = MostRows; ; rows--)
        {
            var drawn = new Rows(draw(rows));
            if (rows == LeastRows || Segment.SplitLines(((IRenderable)drawn).Render(options, profile.Width)).Count < profile.Height)
            {
                return drawn;
            }
        }
    }

    /// <summary>Stays with a shopper while they act, and looks for another when they have gone.</summary>
    private void Watch()
    {
        if (traffic.LastAct is not { } act)
        {
            return;
        }

        if (_watched is null || act.UserId == _watched || time.GetElapsedTime(_lastSeen) > PatienceWithIdleShopper)
        {
            (_watched, _lastWords, _lastSeen) = (act.UserId, act.Words, time.GetTimestamp());
        }
    }

    private Table Counts(ListLayersResponse all)
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_before.Time, now).TotalSeconds;
        if (elapsed >= 1)
        {
            _eventsPerSecond = (traffic.Events - _before.Events) / elapsed;
            _before = (traffic.Events, now);
        }

        var table = new Table()
            .Expand()
            .AddColumns("events in", "events/s", "shoppers", "layers", "slates shown", "hit rate @10", "popularity @10", "shop's time");
        table.AddRow(
            $"{traffic.Events:N0}",
            $"{_eventsPerSecond:N0}",
            $"{traffic.Users:N0}",
            $"{all.Layers.Count} (version {all.Version})",
            $"{traffic.Slates:N0}",
            traffic.Trials == 0 ? "…" : $"{traffic.HitRate:F3} of {traffic.Trials:N0}",
            traffic.Trials == 0 ? "…" : $"{traffic.PopularHitRate:F3}",
            traffic.SimulatedTime?.ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture) ?? "not begun");
        return table;
    }

    private static Table LayerTable(ListLayersResponse all, int rows)
    {
        var table = new Table().Title("layers of interest").AddColumns("layer", "words", "items", "share");
        foreach (var layer in all.Layers.Take(rows))
        {
            table.AddRow($"{layer.LayerId}", Markup.Escape(string.Join(", ", layer.Words.Take(3))), $"{layer.Items}", $"{layer.Share:P0}");
        }

        return table;
    }

    private Table OwnLayers(string user, GetUserLayersResponse own, int rows)
    {
        var table = new Table()
            .Title(Markup.Escape($"{user}: {_lastWords}"))
            .AddColumns("layer", "words", "30 days", "1 hour", "probability");
        foreach (var layer in own.Layers.Take(rows))
        {
            var bar = new string('█', (int)Math.Round(layer.Probability * 10));
            table.AddRow(
                $"{layer.LayerId}",
                Markup.Escape(string.Join(", ", layer.Words.Take(3))),
                $"{layer.LongInterest:P0}",
                $"{layer.ShortInterest:P0}",
                $"{layer.Probability,5:F2} [green]{bar}[/]");
        }

        return table;
    }

    private static Table Slate(string user, RecommendResponse slate, int rows)
    {
        var table = new Table().Title(Markup.Escape($"what {user} would see now")).Expand().AddColumns("", "item", "layer", "why");
        foreach (var item in slate.Items.Take(rows))
        {
            table.AddRow(
                $"{item.Position + 1}",
                Markup.Escape(item.Title),
                Markup.Escape(string.Join(", ", item.Layer?.Words.Take(2) ?? [])),
                Markup.Escape(item.Reason?.Text ?? ""));
        }

        return table;
    }
}
