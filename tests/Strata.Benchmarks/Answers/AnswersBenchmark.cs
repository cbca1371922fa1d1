using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Numerics;

namespace Strata.Benchmarks.Answers;

/// <summary>
/// What it costs to find the items that answer a query, and how near the answer comes to that of a pass over all items: the services' index
/// beside that pass, for catalogues of several sizes.
/// </summary>
internal static class AnswersBenchmark
{
    private const int Batch = 500;
    private const int Changes = 1_000;
    // Until the code that runs is the one that stays.
    private const int Warm = 1_000;

    public static Command Create()
    {
        var sizes = new Option<int[]>("--items")
        {
            Description = "Items of each catalogue.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [10_000, 100_000, 1_000_000],
        };
        var queries = new Option<int>("--queries") { Description = "Queries asked of each.", DefaultValueFactory = _ => 500 };
        var compared = new Option<int>("--compared")
        {
            Description = "Items that a query is compared with.",
            DefaultValueFactory = _ => new AnswersOptions().Compared,
        };
        var command = new Command("answers", "What finding a query's answers costs and gives, beside a pass over all items.")
        {
            sizes, queries, compared,
        };
        command.SetAction(parsed =>
        {
            var options = new AnswersOptions { Compared = parsed.GetValue(compared), LeastCosine = -1 };
            Run(parsed.GetValue(sizes)!, parsed.GetValue(queries), options);
            return 0;
        });
        return command;
    }

    private static void Run(int[] sizes, int queries, AnswersOptions options)
    {
        var catalogue = new SyntheticCatalogue(1);
        var asked = catalogue.Queries(queries);
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "items",
            "whole pass, CPU ms",
            "index, CPU ms",
            "median ms",
            "p99 ms",
            "queries/s",
            "recall@20",
            "cosine, mean",
            "1st percentile",
            "bytes/item",
            "load s, CPU s",
            "500 new, CPU ms",
            "one change, CPU ms",
            "20th cosine");
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 200);
        foreach (var size in sizes)
        {
            table.AddRow(Measure(catalogue, size, asked, options));
            AnsiConsole.Write(table);
        }
    }

    private static string[] Measure(SyntheticCatalogue catalogue, int size, Vector[] queries, AnswersOptions options)
    {
        var items = catalogue.Items(0, size);
        var pass = new WholePass(items, catalogue.Plain, options);
        var exact = new (int[] Items, float[] Mean, float[] Cosines)[queries.Length];
        var (_, passCpu) = Timed(() => Parallel.For(0, queries.Length, i => exact[i] = pass.Answer(queries[i])));

        var before = GC.GetTotalMemory(true);
        var index = new AnswerIndex(options);
        var (load, loadCpu) = Timed(() => Load(index, items));
        var bytes = (GC.GetTotalMemory(true) - before) / (double)size;
        var answers = new Vector[queries.Length];
        for (var i = 0; i < Warm; i++)
        {
            index.Answer(queries[i % queries.Length], catalogue.Plain);
        }

        var times = new double[queries.Length];
        var (wall, cpu) = Timed(() =>
        {
            for (var i = 0; i < queries.Length; i++)
            {
                var started = Stopwatch.GetTimestamp();
                answers[i] = index.Answer(queries[i], catalogue.Plain)!.Point;
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        });
        var (batch, change) = Change(catalogue, index, size);
        var recall = Recall(items, queries, exact, catalogue.Plain, options);
        double[] cosines = [.. answers.Select((answer, i) => (double)VectorMath.Dot(WholePass.Unit(answer), exact[i].Mean)).Order()];
        Array.Sort(times);
        return
        [
            size.ToString("N0", CultureInfo.InvariantCulture),
            Text(1000 * passCpu / queries.Length),
            Text(1000 * cpu / queries.Length),
            Text(times[times.Length / 2]),
            Text(times[(int)(.99 * times.Length)]),
            (queries.Length / wall).ToString("N0", CultureInfo.InvariantCulture),
            Text(recall),
            cosines.Average().ToString("F5", CultureInfo.InvariantCulture),
            cosines[cosines.Length / 100].ToString("F5", CultureInfo.InvariantCulture),
            bytes.ToString("F0", CultureInfo.InvariantCulture),
            $"{Text(load)}, {Text(loadCpu)}",
            Text(batch),
            Text(change),
            Text(exact.Average(found => found.Cosines[^1])),
        ];
    }

    // As the table of the catalogue does before it has been read to its end.
    private static void Load(AnswerIndex index, Vector[] items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            index.Put(Id(i), items[i]);
            if (i % Batch == 0 && index.IsDue)
            {
                index.Publish();
            }
        }

        index.Publish();
    }

    // CPU milliseconds of a batch of new items, and of items that come, change and go one at a time.
    private static (double Batch, double One) Change(SyntheticCatalogue catalogue, AnswerIndex index, int size)
    {
        var fresh = catalogue.Items(size, Batch + Changes);
        for (var i = 0; i < Batch; i++)
        {
            index.Put(Id(size + i), fresh[i]);
        }

        var (_, batch) = Timed(index.Publish);
        var random = new Random(1);
        var (_, changes) = Timed(() =>
        {
            for (var i = 0; i < Changes; i++)
            {
                var item = Id(random.Next(size));
                if (i % 4 == 0)
                {
                    index.Remove(item);
                }
                else
                {
                    index.Put(i % 4 == 1 ? Id(size + Batch + i) : item, fresh[Batch + i]);
                }

                index.Publish();
            }
        });
        return (1000 * batch, 1000 * changes / Changes);
    }

    private static double Recall(
        Vector[] items, Vector[] queries, (int[] Items, float[] Mean, float[] Cosines)[] exact, PlainMeans plain, AnswersOptions options)
    {
        var lists = new PivotLists(items[0].Codes.Length);
        lists.Apply(lists.Prepare(
            Enumerable.Range(0, items.Length).ToDictionary(i => ItemKey.Of(Id(i)), i => (ReadOnlyMemory<byte>?)items[i].Codes.Memory)));
        var found = 0;
        for (var i = 0; i < queries.Length; i++)
        {
            var query = WholePass.Unit(queries[i]);
            VectorMath.TryCentre(query, plain.Queries);
            var nearest = new NearestItems(options.Items, -1);
            lists.Find(new ComparedQuery(query, plain.Items), options.Compared, nearest);
            var keys = exact[i].Items.Select(item => ItemKey.Of(Id(item))).ToHashSet();
            found += Enumerable.Range(0, nearest.Count).Count(place => keys.Contains(nearest[place].Block.Keys[nearest[place].Row]));
        }

        return (double)found / (queries.Length * options.Items);
    }

    private static (double Wall, double Cpu) Timed(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        action();
        process.Refresh();
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    private static string Id(int item) => item.ToString("D9", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
