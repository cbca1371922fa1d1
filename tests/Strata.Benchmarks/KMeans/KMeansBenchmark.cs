using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Strata.Benchmarks.KMeans;

/// <summary>
/// Points a second of assign + accumulate + update at 384 dimensions in batches of 1,024 unit vectors, beside scikit-learn's <c>MiniBatchKMeans.partial_fit</c>: both sides take turns for
/// some rounds, and medians are compared.
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
        var python = new Option<string>("--python") { Description = "A Python that has scikit-learn.", DefaultValueFactory = _ => "/usr/bin/python3" };
        var command = new Command("kmeans", "Streaming K-means steps a second, beside scikit-learn's MiniBatchKMeans.") { threads, rounds, python };
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
        var peers = new List<Peer>();
        var (ours, single) = (Counts.ToDictionary(count => count, _ => new List<double>()), Counts.ToDictionary(count => count, _ => new List<double>()));
        for (var round = 0; round < rounds; round++)
        {
            peers.Add(await Peer.MeasureAsync(python, threads, Counts, cancellationToken));
            foreach (var count in Counts)
            {
                ours[count].Add(steps[count].Measure(threads, Repetitions));
                single[count].Add(steps[count].Measure(1, Repetitions));
            }
        }

        var peak = Median(peers.Select(peer => peer.Gflops));
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 120);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"384 dimensions, batches of 1,024, {threads} threads, medians of {rounds} rounds; scikit-learn {peers[0].Version} on {peers[0].Blas}; sgemm of 2048²: {peak:F0} GFLOP/s");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("K", "strata, points/s", "scikit-learn, points/s", "ratio", "share of sgemm", "strata on one thread", $"{threads} threads over one");
        foreach (var count in Counts)
        {
            var (mine, alone, theirs) = (Median(ours[count]), Median(single[count]), Median(peers.Select(peer => peer.Points[count])));
            table.AddRow(
                Whole(count), Whole(mine), Whole(theirs), Ratio(mine / theirs), $"{mine * count * FlopsPerDimension / 1e9 / peak:P0}", Whole(alone), Ratio(mine / alone));
        }

        AnsiConsole.Write(table);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
