using System.CommandLine;
using Strata.Cli.Frame;
using Strata.Evaluator.Priors;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate prior</c>.</summary>
internal static class PriorCommand
{
    public static StrataCommand Create()
    {
        var sets = new Option<string[]>("--set")
        {
            Description = "A data set, NAME=EVENTS,ITEMS: files as for ranking. Once for each.",
            Required = true,
        };
        sets.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (SourceOf(token.Value) is not { } source)
                {
                    result.AddError($"'{token.Value}' is no NAME=EVENTS,ITEMS.");
                }
                else if (new[] { source.Events, source.Items }.FirstOrDefault(path => !File.Exists(path)) is { } missing)
                {
                    result.AddError($"File does not exist: '{missing}'.");
                }
            }
        });
        var examples = new Option<int>("--examples")
        {
            Description = "Choices that are learned of each set, at most.",
            DefaultValueFactory = _ => 4000,
        };
        var output = new Option<FileInfo>("--out") { Description = "File to write the prior to.", Required = true };
        var seed = EvaluateOptions.Seed();
        var cache = EvaluateOptions.Cache();
        var command = new StrataCommand(
            "prior",
            "Learn what ranking begins with from data sets, and once more without each of them.",
            "strata evaluate prior --set shop=events.csv.gz,items.csv.gz --out prior.json",
            "strata evaluate prior --set shop=a.csv,b.csv --set forum=c.csv,d.jsonl --out services/shared/Strata.RankingModel/prior.json")
        {
            sets, examples, output, seed, cache,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var sources = parsed.GetValue(sets)!.Select(value => SourceOf(value)!).ToList();
            var (most, chance) = (parsed.GetValue(examples), parsed.GetValue(seed));
            var said = string.Join(' ', sources.Select(source => $"--set {source.Name}={FileOf(source.Events)},{FileOf(source.Items)}"));
            var prior = await session.WithProgressAsync(
                progress => new PriorLearning(progress, parsed.GetValue(cache)!.FullName).RunAsync(
                    sources, most, chance, $"strata evaluate prior {said} --examples {most} --seed {chance}", cancellationToken),
                cancellationToken);
            await File.WriteAllTextAsync(parsed.GetValue(output)!.FullName, prior.Write(), cancellationToken);
            session.Tell($"prior: {parsed.GetValue(output)!.FullName}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string FileOf(string path) => Path.GetFileName(path);

    private static PriorSource? SourceOf(string value)
        => value.Split('=', 2) is [{ Length: > 0 } name, var files] && files.Split(',') is [{ Length: > 0 } events, { Length: > 0 } items]
            ? new PriorSource(name, events, items)
            : null;
}
