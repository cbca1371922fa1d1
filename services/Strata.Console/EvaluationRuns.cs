using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Strata.Console;

/// <summary>
/// Runs of the evaluator, as files in a folder. An <see cref="InvalidDataException"/> says that there is no such run or that a file is
/// none; no name leads out of the folder.
/// </summary>
public sealed class EvaluationRuns(IOptions<ConsoleOptions> options)
{
    /// <summary>Runs that are listed, the newest.</summary>
    public const int Listed = 50;

    /// <summary>Largest file that is shown; a ranking's has some 20 KB.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The runs, newest first.</summary>
    public EvaluationList List() => options.Value.Evaluations switch
    {
        "" => new EvaluationList("", "No folder is named: set Console:Evaluations to where strata evaluate … --json writes.", []),
        var folder when !Directory.Exists(folder) => new EvaluationList(
            folder,
            $"Console:Evaluations = {folder} is not there (yet): strata evaluate … --json {Path.Combine(folder, "run.json")} makes it.",
            []),
        var folder => new EvaluationList(
            folder,
            "",
            [
                .. Files(folder).Select(file => new EvaluationRun(file.Name, file.LastWriteTimeUtc, file.Length))
                    .OrderByDescending(run => run.Written).ThenBy(run => run.Name, StringComparer.Ordinal).Take(Listed),
            ]),
    };

    /// <summary>What a run found, as it was written.</summary>
    /// <param name="name">Name of the file, as the list says it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<JsonElement> ShowAsync(string name, CancellationToken cancellationToken)
    {
        var folder = options.Value.Evaluations;
        var file = folder.Length > 0 && Directory.Exists(folder)
            ? Files(folder).FirstOrDefault(file => file.Name.Equals(name, StringComparison.Ordinal))
            : null;
        if (file is null)
        {
            throw new InvalidDataException($"name: no run {name} is in Console:Evaluations; take one of GET /console/evaluations");
        }

        if (file.Length > MostBytes)
        {
            throw new InvalidDataException($"{name} has {file.Length:N0} bytes, and {MostBytes:N0} are shown at most: open it elsewhere");
        }

        try
        {
            await using var stream = file.OpenRead();
            return await JsonSerializer.DeserializeAsync<JsonElement>(stream, cancellationToken: cancellationToken);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{name} cannot be read: {fault.Message} Write it again with strata evaluate … --json", fault);
        }
    }

    private static IEnumerable<FileInfo> Files(string folder) => new DirectoryInfo(folder).EnumerateFiles("*.json");
}

/// <summary>Runs of the evaluator.</summary>
/// <param name="Folder">Where they lie; empty: nowhere.</param>
/// <param name="Fault">Why there cannot be any, and what to do; empty: nothing is wrong.</param>
/// <param name="Runs">Newest first.</param>
public sealed record EvaluationList(string Folder, string Fault, IReadOnlyList<EvaluationRun> Runs);

/// <summary>A run.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Written">When it ended.</param>
/// <param name="Bytes">Its size.</param>
public sealed record EvaluationRun(string Name, DateTime Written, long Bytes);
