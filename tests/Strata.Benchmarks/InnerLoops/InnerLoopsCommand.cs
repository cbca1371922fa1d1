using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;

namespace Strata.Benchmarks.InnerLoops;

/// <summary>
/// The loops that run for every event, point, candidate and text, under BenchmarkDotNet: time and allocations, each category beside a peer,
/// so that the ratio says more than the machine does.
/// </summary>
internal static class InnerLoopsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "inner",
            "The inner loops under BenchmarkDotNet. What follows is BenchmarkDotNet's: --filter \"*Vector*\", --job dry, --list flat.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parsed => Run(parsed.UnmatchedTokens));
        return command;
    }

    private static int Run(IReadOnlyList<string> arguments)
    {
        var config = DefaultConfig.Instance
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByCategory)
            .AddColumn(CategoriesColumn.Default)
            .HideColumns(Column.Error, Column.Job, Column.RatioSD)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "strata-benchmarks"));
        // In this process: a program of its own for each benchmark would first build all projects anew.
        string[] all = arguments.Any(argument => argument is "--filter" or "-f" or "--list") ? [] : ["--filter", "*"];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(InnerLoopsCommand).Assembly)
            .Run([.. arguments, .. all, "--inProcess"], config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
