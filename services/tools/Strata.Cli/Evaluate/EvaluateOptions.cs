using System.CommandLine;
using Strata.Evaluator.Texts;

namespace Strata.Cli.Evaluate;

/// <summary>Options that several evaluations have.</summary>
internal static class EvaluateOptions
{
    public static Option<FileInfo> ExistingFile(string name, string description)
    {
        var option = new Option<FileInfo>(name) { Description = description, Required = true };
        option.AcceptExistingOnly();
        return option;
    }

    public static Option<int> Seed()
        => new("--seed") { Description = "Seed of every chance: the same seed gives the same figures.", DefaultValueFactory = _ => 1 };

    public static Option<DirectoryInfo> Cache() => new("--cache")
    {
        Description = "Folder in which texts' vectors are remembered; also environment variable STRATA_CACHE.",
        DefaultValueFactory = _ => new DirectoryInfo(VectorCache.DefaultFolder),
    };

    /// <summary>An option whose value is a list with commas.</summary>
    public static Option<string[]?> List(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        [
            .. result.Tokens.SelectMany(
                token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ],
        AllowMultipleArgumentsPerToken = false,
    };
}
