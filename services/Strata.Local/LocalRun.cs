using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using Strata.Contracts;
using Strata.Local.Hosting;
using Strata.Local.Sample;
using Strata.Local.Screen;
using Strata.Local.Series;
using Strata.Local.Summary;
using Strata.Local.Traffic;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local;

/// <summary>The ways to run the one-process system: once over the sample, live with a screen, or only serving.</summary>
/// <param name="settings">On what and where it runs.</param>
/// <param name="seed">Seed of the shoppers.</param>
/// <param name="rate">Events a second; null: the way's own default.</param>
internal sealed class LocalRun(LocalSettings settings, int seed, double? rate)
{
    private const double LiveRate = 25;

    /// <summary>Live, shoppers come every two hours instead of every nine days, so that some are always there to be watched.</summary>
    private static readonly TimeSpan LiveSessionGap = TimeSpan.FromHours(2);

    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> OnceAsync(SeriesOptions options, string? summaryFile, CancellationToken cancellationToken)
    {
        // Months pass in a minute, and what is measured is how the layers bear what comes, robots too: nothing is held back before them.
        var replay = settings with
        {
            Overrides = new Dictionary<string, string?>(settings.Overrides)
            {
                ["Rates:UserEventsPerSecond"] = "0",
                ["Ingestion:Cleaning:Bots:Enabled"] = "false",
                ["Ingestion:Cleaning:Repeats:Enabled"] = "false",
            },
        };
        await using var system = await LocalSystem.StartAsync(replay, _ => { }, cancellationToken);
        await ReadyAsync(system, cancellationToken);
        AnsiConsole.WriteLine(
            $"Strata is up on {system.Addresses.Broker} and {system.Addresses.Store}: HTTP {system.Addresses.Http}, gRPC "
                + $"{system.Addresses.Grpc}");
        using var channel = GrpcChannel.ForAddress(system.Addresses.Grpc);
        var calls = channel.WithKey(CallerKey.FromEnvironment);
        var status = system.Status;
        var simulation = new SimulationOptions { Seed = seed, Events = null, Start = options.Start };
        var (shop, slates, traffic) = Traffic(
            calls, status, new TrafficOptions { Rate = rate ?? 0, LastTrial = new SimulationOptions().Events });
        var fresh = new FreshUsers(new IngestionClient(calls), slates, new LayersClient(calls), _time, seed);
        var run = new SeriesRun(system.Services, shop, traffic, fresh, status, simulation, options);
        await run.OpenAsync(cancellationToken);
        AnsiConsole.WriteLine(
            $"First slate after {status.FirstSlateSeconds:F1} s. Replaying {options.Events:N0} events of {simulation.Shoppers} "
                + "shoppers.");
        var series = new List<SeriesRow>();
        LayerAgreement? agreement = null;
        void Measured(SeriesRow row, LayerAgreement now)
        {
            series.Add(row);
            agreement = now;
            AnsiConsole.WriteLine($"{row}; {now.Layers} layers");
        }

        await WithProgressAsync(run.RunAsync(Measured, cancellationToken), traffic, options.Events);
        var summary = new RunSummary
        {
            Seed = seed,
            Events = status.Events,
            Users = status.Users,
            Items = shop.Catalogue.Items.Count,
            Layers = agreement!.Layers,
            Nmi = agreement.Nmi,
            NmiBatch = agreement.NmiBatch,
            Trials = status.Trials,
            HitRate10 = status.HitRate,
            HitRate10Popularity = status.PopularHitRate,
            FirstSlateS = status.FirstSlateSeconds,
            EventsPerS = status.Events / traffic.Elapsed.TotalSeconds,
            Slates = status.Slates,
            Series = series,
        };
        summary.Print(AnsiConsole.Console);
        if (summaryFile is not null)
        {
            await summary.WriteAsync(summaryFile, cancellationToken);
        }

        return 0;
    }

    public async Task<int> LiveAsync(CancellationToken cancellationToken)
    {
        using var warnings = new RecentWarnings();
        Action<ILoggingBuilder> logging = AnsiConsole.Profile.Capabilities.Interactive
            ? to => to.ClearProviders().AddProvider(warnings)
            : _ => { };
        var catalogue = SampleCatalogue.Load();
        await using var system = await LocalSystem.StartAsync(settings, logging, cancellationToken);
        using var channel = GrpcChannel.ForAddress(system.Addresses.Grpc);
        var calls = channel.WithKey(CallerKey.FromEnvironment);
        var simulator = new ShopperSimulator(
            catalogue, new SimulationOptions { Seed = seed, Events = null, SessionGap = LiveSessionGap });
        var (shop, _, traffic) = Traffic(calls, system.Status, new TrafficOptions { Rate = rate ?? LiveRate, WarmUp = 500 });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, system.Stopping);
        var ranking = new RankingClient(calls);
        var drawing = Task.CompletedTask;
        try
        {
            await ReadyAsync(system, stopping.Token);
            drawing = AnsiConsole.Profile.Capabilities.Interactive
                ? new LiveScreen(system.Addresses, new LayersClient(calls), ranking, system.Status, warnings, _time)
                    .RunAsync(stopping.Token)
                : new PlainScreen(system.Addresses, ranking, system.Status, _time).RunAsync(stopping.Token);
            await shop.PutAsync(catalogue, calls: null, TimeSpan.Zero, stopping.Token);
            await shop.IntroduceAsync(simulator, stopping.Token);
            await traffic.OpenAsync(simulator.UserIds.First(), stopping.Token);
            await traffic.RunAsync(simulator, simulator.Organic(), stopping.Token);
        }
        catch (Exception stopped) when (stopping.IsCancellationRequested && stopped is OperationCanceledException or RpcException)
        {
            AnsiConsole.WriteLine("Stopping: draining what is under way.");
        }

        await drawing;
        return await system.StopAsync();
    }

    public async Task<int> ServeAsync(CancellationToken cancellationToken)
    {
        await using var system = await LocalSystem.StartAsync(settings, _ => { }, cancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, system.Stopping);
        try
        {
            await ReadyAsync(system, stopping.Token);
            AnsiConsole.MarkupLine(system.Addresses.Describe());
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            AnsiConsole.WriteLine("Stopping: draining what is under way.");
        }

        return await system.StopAsync();
    }

    private static Task ReadyAsync(LocalSystem system, CancellationToken cancellationToken)
        => AnsiConsole.Status().StartAsync(
            "Starting",
            status => system.ReadyAsync(words => status.Status = Markup.Escape($"Waiting for {words}"), cancellationToken));

    private (Shop Shop, SlateReader Slates, ShopperTraffic Traffic) Traffic(
        CallInvoker calls,
        TrafficStatus status,
        TrafficOptions options)
    {
        var ingestion = new IngestionClient(calls);
        var shop = new Shop(ingestion, _time);
        var slates = new SlateReader(new RankingClient(calls), _time);
        return (shop, slates, new ShopperTraffic(shop, ingestion, slates, _time, options, status));
    }

    private async Task WithProgressAsync(Task running, ShopperTraffic traffic, int events)
        => await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var bar = progress.AddTask("events", maxValue: events);
            while (!running.IsCompleted)
            {
                bar.Value = traffic.Acts;
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(250), _time));
            }

            bar.Value = events;
            await running;
        });
}
