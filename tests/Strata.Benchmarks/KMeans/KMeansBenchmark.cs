using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Strata.Benchmarks.KMeans;

/// <summary>
/// Points a second of assign + accumulate + update at 384 dimensions in batches of 1,024 unit vectors, beside scikit-learn's
/// <c>MiniBatchKMeans.partial_fit</c>: both sides take turns for some rounds, and medians are compared.
/// </summary>
internal static class KMeansBenchmark
{
    private const int FlopsPerDimension = 2 * 384;
    private const int Repetitions = 7;

    private static readonly int[] Counts = [64, 256, 1024];

    public static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Threads of both sides.", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each side.", DefaultValueFactory = _ => 3 };
        var python = new Option<string>("--python")
        {
            Description = "A Python that has scikit-learn.",
            DefaultValueFactory = _ => "/usr/bin/python3",
        };
        var command = new Command("kmeans", "Streaming K-means steps a second, beside scikit-learn's MiniBatchKMeans.")
        {
            threads, rounds, python,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(python)!, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(int threads, int rounds, string python, CancellationToken cancellationToken)
    {
        var steps = Counts.ToDictionary(count => count, count => new ProductionStep(count));
        var peers = new List<IReadOnlyList<Peer>>();
        var ours = Counts.ToDictionary(count => count, _ => new List<double>());
        var single = Counts.ToDictionary(count => count, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            peers.Add(await Peer.MeasureAsync(python, threads, Counts, cancellationToken));
            foreach (var count in Counts)
            {
                ours[count].Add(steps[count].Measure(threads, Repetitions));
                single[count].Add(steps[count].Measure(1, Repetitions));
            }
        }

        var variants = Enumerable.Range(0, peers[0].Count).Select(variant => peers.Select(round => round[variant]).ToList()).ToList();
        var peak = variants.Max(variant => Median(variant.Select(peer => peer.Gflops)));
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 150);
        AnsiConsole.MarkupInterpolated(
            CultureInfo.InvariantCulture,
            $"384 dimensions, batches of 1,024, {threads} threads, medians of {rounds} rounds; sgemm of 2048²: {peak:F0} GFLOP/s. ");
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"scikit-learn {peers[0][0].Version}, first as its BLAS chooses a kernel, then with the one for this processor's vectors.");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("K", "strata, points/s", "share of sgemm", "on one thread", $"{threads} threads over one");
        foreach (var variant in variants)
        {
            table.AddColumns($"scikit-learn on {variant[0].Blas}", "ratio");
        }

        foreach (var count in Counts)
        {
            var (mine, alone) = (Median(ours[count]), Median(single[count]));
            string[] own =
            [
                Whole(count), Whole(mine), $"{mine * count * FlopsPerDimension / 1e9 / peak:P0}", Whole(alone), Ratio(mine / alone),
            ];
            var theirs = variants.Select(variant => Median(variant.Select(peer => peer.Points[count])));
            table.AddRow([.. own, .. theirs.SelectMany(rate => new[] { Whole(rate), Ratio(mine / rate) })]);
        }

        AnsiConsole.Write(table);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
