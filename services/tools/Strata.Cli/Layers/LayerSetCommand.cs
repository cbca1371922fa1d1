using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Strata.Cli.Frame;
using Strata.Contracts.Layers.V1;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;

namespace Strata.Cli.Layers;

/// <summary><c>strata layers</c>: look at the layers of a running system, and split and merge them.</summary>
internal static class LayerSetCommand
{
    private const double UsualSeconds = 2;

    public static Command CreateGroup()
        => new Command("layers", "Look at layers, split and merge them; choose their number for a catalogue.")
        {
            List(), Show(), Watch(), Split(), Merge(), TuneCommand.Create(),
        };

    private static StrataCommand List()
    {
        var ranking = new RankingAddress();
        var command = new StrataCommand("list", "List all layers, heaviest first.", "strata layers list --ranking http://localhost:8091")
        {
            ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var set = await ranking.CallAsync(parsed, calls => ListAsync(calls, cancellationToken));
            await session.ReportAsync<IReadOnlyList<LayerRow>>([.. set.Layers.Select(LayerRow.Of)], LayerRow.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Show()
    {
        var (ranking, layer) = (new RankingAddress(), LayerArgument());
        var command = new StrataCommand(
            "show",
            "Say what a layer is about, what is near it, and what it came from; of one that is gone who has its weight.",
            "strata layers show 7")
        {
            layer, ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var detail = await ranking.CallAsync(parsed, async calls =>
            {
                var (client, id) = (new LayersClient(calls), parsed.GetValue(layer));
                var lineage = await client.GetLayerLineageAsync(
                    new GetLayerLineageRequest { LayerId = id }, cancellationToken: cancellationToken);
                var alive = lineage.Alive
                    ? await client.GetLayerAsync(new GetLayerRequest { LayerId = id }, cancellationToken: cancellationToken)
                    : null;
                return LayerDetail.Of(alive, lineage);
            });
            await session.ReportAsync(detail, LayerDetail.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Watch()
    {
        var ranking = new RankingAddress();
        var every = new Option<double?>("--every") { Description = "Seconds between two looks. [default: 2]" };
        var looks = new Option<int?>("--looks") { Description = "How often; without it until Ctrl-C." };
        var command = new StrataCommand(
            "watch",
            "Say what happens to the layers, as it happens: which come and go, whose share moves by a hundredth or more.",
            "strata layers watch --every 10",
            "strata layers watch --every 60 --looks 60")
        {
            every, looks, ranking.Option,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(every) < 0.1 || result.GetValue(looks) < 1)
            {
                result.AddError("--every is 0.1 s at least, and --looks 1.");
            }
        });
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var watch = new LayerWatch();
            for (var look = 1; ; look++)
            {
                var set = await ranking.CallAsync(parsed, calls => ListAsync(calls, cancellationToken));
                foreach (var line in watch.Look(set))
                {
                    await session.ReportAsync(
                        line,
                        (console, text) => console.Profile.Out.Writer.WriteLine(string.Create(
                            CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {text}")),
                        cancellationToken);
                }

                if (look >= parsed.GetValue(looks))
                {
                    return ExitCode.Done;
                }

                await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(every) ?? UsualSeconds), TimeProvider.System, cancellationToken);
            }
        });
        return command;
    }

    private static StrataCommand Split()
        => Move(
            "split",
            "Split a layer in two; the layer that is needed least gives its place.",
            [],
            _ => 0,
            "strata layers split 7");

    private static StrataCommand Merge()
    {
        var into = new Option<uint>("--into") { Description = "The layer that takes it.", Required = true };
        return Move(
            "merge",
            "Merge a layer into another one; the layer with most to gain is split in its place.",
            [into],
            parsed => parsed.GetValue(into),
            "strata layers merge 7 --into 12");
    }

    private static StrataCommand Move(
        string name, string description, IReadOnlyList<Option> more, Func<ParseResult, uint> into, string example)
    {
        var (ranking, layer) = (new RankingAddress(), LayerArgument());
        var command = new StrataCommand(name, description, example) { layer, ranking.Option };
        foreach (var option in more)
        {
            command.Add(option);
        }

        command.Does(async (parsed, session, cancellationToken) =>
        {
            var request = new MoveLayerRequest { LayerId = parsed.GetValue(layer), IntoLayerId = into(parsed) };
            var made = await ranking.CallAsync(
                parsed, async calls => await new LayersClient(calls).MoveLayerAsync(request, cancellationToken: cancellationToken));
            await session.ReportAsync(LayerMoveView.Of(made), LayerMoveView.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<uint> LayerArgument() => new("LAYER") { Description = "The layer's id, as strata layers list says it." };

    private static async Task<ListLayersResponse> ListAsync(CallInvoker calls, CancellationToken cancellationToken)
        => await new LayersClient(calls).ListLayersAsync(new ListLayersRequest(), cancellationToken: cancellationToken);
}
