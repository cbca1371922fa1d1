using System.CommandLine;
using Strata.Cli.Frame;
using Strata.Evaluator.Sessions;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate sessions</c>.</summary>
internal static class SessionsCommand
{
    public static StrataCommand Create()
    {
        var items = EvaluateOptions.ExistingFile("--items", "CSV item,title or JSON lines, as for ranking; gzipped or not.");
        var judgments = EvaluateOptions.ExistingFile("--judgments", "CSV query,item,esci with E, S, C or I; gzipped or not.");
        var part = new Option<QueryPart>("--queries")
        {
            Description = "Which queries are searched: Develop and Judge are every other one each.",
            DefaultValueFactory = _ => QueryPart.Judge,
        };
        var clicks = new Option<int>("--clicks")
        {
            Description = "Clicks of the stream; half of them have nothing to do with a search.",
            DefaultValueFactory = _ => new SessionOptions().Clicks,
        };
        clicks.Validators.Add(result =>
        {
            if (result.GetValue(clicks) is < 1 or > 10_000_000)
            {
                result.AddError("--clicks must lie from 1 to 10000000.");
            }
        });
        var seed = EvaluateOptions.Seed();
        var output = new Option<FileInfo?>("--out") { Description = "Keep the stream as this events file." };
        var methods = EvaluateOptions.List("--methods", "Methods as for ranking. [default: strata,strata-no-searches]");
        var cache = EvaluateOptions.Cache();
        var command = new StrataCommand(
            "sessions",
            "Make sessions of searches and clicks from judged queries, and replay them: what do searches add?",
            "strata evaluate sessions --items items.jsonl.gz --judgments judgments.csv.gz",
            "strata evaluate sessions --items items.csv --judgments judgments.csv --queries Develop --out events.csv --json sessions.json")
        {
            items, judgments, part, clicks, seed, output, methods, cache,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var kept = parsed.GetValue(output)?.FullName;
            var file = kept ?? Path.GetTempFileName();
            try
            {
                var found = await session.WithProgressAsync(
                    progress => new SessionsEvaluation(progress, parsed.GetValue(cache)!.FullName).RunAsync(
                        parsed.GetValue(items)!.FullName,
                        parsed.GetValue(judgments)!.FullName,
                        file,
                        new SessionOptions
                        {
                            Part = parsed.GetValue(part),
                            Clicks = parsed.GetValue(clicks),
                            Seed = parsed.GetValue(seed),
                        },
                        parsed.GetValue(methods) is { Length: > 0 } names ? names : SessionsEvaluation.Methods,
                        cancellationToken),
                    cancellationToken);
                await session.ReportAsync(found, RankingTable.Print, cancellationToken);
            }
            finally
            {
                if (kept is null)
                {
                    File.Delete(file);
                }
            }

            return ExitCode.Done;
        });
        return command;
    }
}
