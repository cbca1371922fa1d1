using System.CommandLine;
using System.Globalization;
using Strata.Cli.Frame;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate ranking</c>.</summary>
internal static class RankingCommand
{
    public static StrataCommand Create()
    {
        var events = EvaluateOptions.ExistingFile("--events", $"CSV {DatasetEvent.Form}; ISO 8601, UTC; gzipped or not.");
        var items = EvaluateOptions.ExistingFile(
            "--items",
            "CSV item,title or JSON lines with item, title and any of body|description, bullets, tags, categories, created; gzipped or "
                + "not.");
        var repeat = new Option<bool>("--repeat") { Description = "Items that the user had before compete and are tested." };
        var basket = new Option<bool>("--basket")
        {
            Description = "Nothing of a basket (one user, one time) is learned before its last line was tested.",
        };
        var from = Time("--from", "Test from this time on, in place of the warm-up of the first quarter.");
        var until = Time("--until", "Leave out the events from this time on.");
        var scored = new Option<int>("--scored")
        {
            Description = "Test a uniform sample of so many events (all are learned from); 0: all.",
            DefaultValueFactory = _ => 0,
        };
        var seed = EvaluateOptions.Seed();
        var notScored = EvaluateOptions.List("--not-scored", "Types that are learned from and never tested. [default: ask,view]");
        var dateOnly = EvaluateOptions.List(
            "--date-only",
            "Types whose time is a date: placed at the end of their day. [default: those of which every line lies at midnight]");
        var methods = EvaluateOptions.List("--methods", "Only these methods of the table. [default: all]");
        var report = new Option<DirectoryInfo?>("--report") { Description = "Write a page with plots into this folder." };
        var cache = EvaluateOptions.Cache();
        var command = new StrataCommand(
            "ranking",
            "Replay events in their order, test each before it is learned, beside baselines tuned on the tests themselves.",
            "strata evaluate ranking --events events.csv.gz --items items.jsonl.gz --scored 8000 --json ranking.json",
            "strata evaluate ranking --events events.csv --items items.csv --basket --methods strata,item-knn --report report")
        {
            events, items, repeat, basket, from, until, scored, seed, notScored, dateOnly, methods, report, cache,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(repeat) && result.GetValue(basket))
            {
                result.AddError("--repeat and --basket are two variants: choose one.");
            }
        });
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var options = new ReplayOptions
            {
                Variant = parsed.GetValue(basket) ? Variant.ByBasket : parsed.GetValue(repeat) ? Variant.WithRepeats : Variant.ByEvent,
                From = parsed.GetValue(from),
                Until = parsed.GetValue(until),
                Scored = parsed.GetValue(scored),
                Seed = parsed.GetValue(seed),
                DateOnly = parsed.GetValue(dateOnly) is { Length: > 0 } dates ? dates : null,
            };
            options = parsed.GetValue(notScored) is { Length: > 0 } types ? options with { NotScored = types } : options;
            Func<string, bool>? wants = parsed.GetValue(methods) is { Length: > 0 } names
                ? name => names.Contains(name, StringComparer.Ordinal)
                : null;
            var found = await session.WithProgressAsync(
                progress => new RankingEvaluation(progress, parsed.GetValue(cache)!.FullName)
                    .RunAsync(parsed.GetValue(events)!.FullName, parsed.GetValue(items)!.FullName, options, wants, null, cancellationToken),
                cancellationToken);
            await session.ReportAsync(found, RankingTable.Print, cancellationToken);
            if (parsed.GetValue(report) is { } folder)
            {
                var page = await RankingPage.WriteAsync(folder, found, cancellationToken);
                session.Tell($"report: {page.FullName}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result
            => DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DatasetFile.Utc, out var time)
                ? time
                : Fail(result),
    };

    private static DateTimeOffset? Fail(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is no ISO 8601 time. Write it as 2020-01-31T12:00:00Z.");
        return null;
    }
}
