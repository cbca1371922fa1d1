using Strata.Cli.Frame;
using Strata.Contracts.Ranking.V1;
using ExperimentsClient = Strata.Contracts.Ranking.V1.Experiments.ExperimentsClient;

namespace Strata.Cli.Experiments;

/// <summary><c>strata experiments</c>: how the arms of a running system's experiments fare.</summary>
internal static class ExperimentsCommand
{
    public static StrataCommand Create()
    {
        var ranking = new RankingAddress();
        var command = new StrataCommand(
            "experiments",
            "Show the arms of every experiment: users, slates, click rate, NDCG of what was clicked, coverage, and by how much each "
                + "differs from the baseline, with intervals that may be looked at as often as one likes.",
            "strata experiments --ranking http://localhost:8091",
            "strata experiments --json experiments.json")
        {
            ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var list = await ranking.CallAsync(parsed, async calls => await new ExperimentsClient(calls).ListExperimentsAsync(
                new ListExperimentsRequest(), cancellationToken: cancellationToken));
            await session.ReportAsync<IReadOnlyList<ExperimentRow>>(
                [.. list.Experiments.SelectMany(ExperimentRow.Of)], ExperimentRow.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
