using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Strata.Ranking.Suggestions.Core;

namespace Strata.Benchmarks.Suggestions;

/// <summary>
/// What one look for suggestions takes on one thread, and the index's building and bytes: titles of four to twelve words and queries of one
/// to three out of words by Zipf's law, as in the catalogues of shops, typed letter by letter up to a second word.
/// </summary>
internal static class SuggestionBenchmark
{
    private const int Words = 40_000;
    private const int Count = 8;

    public static Command Create()
    {
        var sizes = new Option<int[]>("--items")
        {
            Description = "Titles of each index, and as many queries.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [10_000, 100_000],
        };
        var typed = new Option<int>("--typed")
        {
            Description = "Texts typed, each letter of which is one look.",
            DefaultValueFactory = _ => 2_000,
        };
        var command = new Command("suggestions", "What suggesting takes while somebody types, for indexes of several sizes.")
        {
            sizes, typed,
        };
        command.SetAction(parsed => Run(parsed.GetValue(sizes)!, parsed.GetValue(typed)));
        return command;
    }

    private static void Run(int[] sizes, int typed)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("items", "looks", "p50, ms", "p99, ms", "most, ms", "build, s", "index, MB");
        foreach (var items in sizes)
        {
            var random = new Random(1);
            List<SuggestedText> texts =
            [
                .. Enumerable.Range(0, items).Select(item => new SuggestedText(Text(random, 4, 12), item, random.NextDouble())),
                .. Enumerable.Range(0, items).Select(_ => new SuggestedText(Text(random, 1, 3), -1, random.NextDouble())),
            ];
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var began = Stopwatch.GetTimestamp();
            var index = SuggestionIndex.Build(texts);
            var build = Stopwatch.GetElapsedTime(began);
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            var times = Type(index, [.. Enumerable.Range(0, 200).Select(_ => Text(random, 2, 2))]);
            times = Type(index, [.. Enumerable.Range(0, typed).Select(_ => Text(random, 2, 2))]);
            times.Sort();
            table.AddRow(
                $"{items:N0}",
                $"{times.Count:N0}",
                $"{times[times.Count / 2]:F3}",
                $"{times[times.Count * 99 / 100]:F3}",
                $"{times[^1]:F3}",
                $"{build.TotalSeconds:F2}",
                $"{bytes / 1e6:F0}");
        }

        AnsiConsole.Write(table);
    }

    private static List<double> Type(SuggestionIndex index, IEnumerable<string> texts)
    {
        var times = new List<double>();
        foreach (var text in texts)
        {
            for (var letters = 1; letters <= text.Length; letters++)
            {
                var began = Stopwatch.GetTimestamp();
                index.Find(text[..letters], Count, _ => true);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        return times;
    }

    private static string Text(Random random, int least, int most)
        => string.Join(' ', Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Word(random)));

    // The n-th word is drawn n times more rarely than the first; it is spelt by its number, three letters at least.
    private static string Word(Random random)
    {
        var number = (int)Math.Exp(random.NextDouble() * Math.Log(Words));
        var letters = new Random(number);
        return string.Concat(Enumerable.Range(0, 3 + letters.Next(6)).Select(_ => (char)('a' + letters.Next(26))));
    }
}
