using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate ranking</c>.</summary>
internal static class RankingCommand
{
    public static Command Create()
    {
        var events = EvaluateOptions.ExistingFile("--events", "CSV ts,user,item,type[,quantity]; ISO 8601, UTC; gzipped or not.");
        var items = EvaluateOptions.ExistingFile("--items", "CSV item,title or JSON lines with item, title and any of body|description, bullets, tags, categories, created; gzipped or not.");
        var repeat = new Option<bool>("--repeat") { Description = "Items that the user had before compete and are tested." };
        var basket = new Option<bool>("--basket") { Description = "Nothing of a basket (one user, one time) is learned before its last line was tested." };
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = "Test from this time on, in place of the warm-up of the first quarter.",
            CustomParser = result => DateTimeOffset.TryParse(
                result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : Fail(result),
        };
        var scored = new Option<int>("--scored") { Description = "Test a uniform sample of so many events (all are learned from); 0: all.", DefaultValueFactory = _ => 0 };
        var seed = EvaluateOptions.Seed();
        var notScored = EvaluateOptions.List("--not-scored", "Types that are learned from and never tested. [default: ask,view]");
        var dateOnly = EvaluateOptions.List("--date-only", "Types whose time is a date: placed at the end of their day. [default: those of which every line lies at midnight]");
        var methods = EvaluateOptions.List("--methods", "Only these methods of the table. [default: all]");
        var json = EvaluateOptions.Json();
        var report = new Option<DirectoryInfo?>("--report") { Description = "Write a page with plots into this folder." };
        var cache = EvaluateOptions.Cache();
        var command = new Command("ranking", "Replay events in their order, test each before it is learned, beside baselines tuned on the tests themselves.")
        {
            events, items, repeat, basket, from, scored, seed, notScored, dateOnly, methods, json, report, cache,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(repeat) && result.GetValue(basket))
            {
                result.AddError("--repeat and --basket are two variants: choose one.");
            }
        });
        command.SetAction((parsed, cancellationToken) => EvaluateCommand.RunAsync(async console =>
        {
            var options = new ReplayOptions
            {
                Variant = parsed.GetValue(basket) ? Variant.ByBasket : parsed.GetValue(repeat) ? Variant.WithRepeats : Variant.ByEvent,
                From = parsed.GetValue(from),
                Scored = parsed.GetValue(scored),
                Seed = parsed.GetValue(seed),
                DateOnly = parsed.GetValue(dateOnly) is { Length: > 0 } dates ? dates : null,
            };
            options = parsed.GetValue(notScored) is { Length: > 0 } types ? options with { NotScored = types } : options;
            Func<string, bool>? wants = parsed.GetValue(methods) is { Length: > 0 } names ? name => names.Contains(name, StringComparer.Ordinal) : null;
            var found = await ProgressBars.RunAsync(console, progress => new RankingEvaluation(progress, parsed.GetValue(cache)!.FullName)
                .RunAsync(parsed.GetValue(events)!.FullName, parsed.GetValue(items)!.FullName, options, wants, null, cancellationToken));
            RankingTable.Print(console, found);
            if (parsed.GetValue(json) is { } file)
            {
                await ReportJson.WriteAsync(file, found, cancellationToken);
            }

            if (parsed.GetValue(report) is { } folder)
            {
                var page = await RankingPage.WriteAsync(folder, found, cancellationToken);
                console.MarkupLineInterpolated($"report: {page.FullName}");
            }
        }));
        return command;
    }

    private static DateTimeOffset? Fail(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is no ISO 8601 time.");
        return null;
    }
}
