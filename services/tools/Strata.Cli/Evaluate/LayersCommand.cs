using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Clustering.Layers;
using Strata.Evaluator.Layers;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate layers</c>.</summary>
internal static class LayersCommand
{
    public static StrataCommand Create()
    {
        var texts = EvaluateOptions.ExistingFile(
            "--texts",
            "CSV label,text, or an items file in JSON lines, whose category (two levels) is the label; gzipped or not.");
        var layers = new Option<int?>("--layers")
        {
            Description = "Number of layers, K. [default: the root of the number of texts at the seeding]",
        };
        var centring = new Option<double>("--centring")
        {
            Description = "How much of the mean vector is subtracted, 0 to 1.",
            DefaultValueFactory = _ => new LayersOptions().Centring,
        };
        var halfLife = new Option<double?>("--half-life")
        {
            Description = "Points after which half of a layer's sums is left. [default: the service's]",
        };
        var order = new Option<TextOrder>("--order")
        {
            Description = "In which order the texts come.",
            DefaultValueFactory = _ => TextOrder.Random,
        };
        var seed = EvaluateOptions.Seed();
        var cache = EvaluateOptions.Cache();
        layers.Validators.Add(result =>
        {
            if (result.GetValue(layers) is < 2)
            {
                result.AddError("--layers must be at least 2.");
            }
        });
        var command = new StrataCommand(
            "layers",
            "Stream labelled texts once and compare the layers with the labels, beside batch K-means.",
            "strata evaluate layers --texts news.csv.gz --layers 20",
            "strata evaluate layers --texts items.jsonl.gz --order label --json layers.json")
        {
            texts, layers, order, centring, halfLife, seed, cache,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            // The first texts are a part of the stream, no catalogue.
            var options = new LayersOptions
            {
                ItemWeight = 0,
                Layers = parsed.GetValue(layers),
                Centring = parsed.GetValue(centring),
                HalfLifePoints = parsed.GetValue(halfLife),
            };
            var found = await session.WithProgressAsync(
                progress => new LayersEvaluation(progress, parsed.GetValue(cache)!.FullName)
                    .RunAsync(parsed.GetValue(texts)!.FullName, options, parsed.GetValue(order), parsed.GetValue(seed), cancellationToken),
                cancellationToken);
            await session.ReportAsync(found, Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, LayersReport report)
    {
        console.MarkupInterpolated($"[bold]{report.Texts}[/]: {report.Count:N0} texts, {report.Labels} labels, {report.Layers} layers");
        console.MarkupLineInterpolated($", order {report.Order}, seed {report.Seed}");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("method", "NMI", "ARI", "purity");
        foreach (var method in report.Methods)
        {
            table.AddRow(method.Name, Share(method.Nmi), Share(method.Ari), Share(method.Purity));
        }

        console.Write(table);
        console.MarkupLineInterpolated(
            $"{report.Moves} layers moved; from one epoch to the next {report.Stability:P2} of the texts stay in their layer");
    }

    private static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
