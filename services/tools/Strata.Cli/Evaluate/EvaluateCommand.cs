using System.CommandLine;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate</c>: measures recommendations, layers and search on a data set, with no broker and no store.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => new(
        "evaluate",
        "Replay a data set through Strata's pure cores and measure what comes out beside simple methods.")
    {
        RankingCommand.Create(),
        LayersCommand.Create(),
        DriftCommand.Create(),
        PolicyCommand.Create(),
        SearchCommand.Create(),
        SimilarCommand.Create(),
        QueriesCommand.Create(),
        SessionsCommand.Create(),
        PriorCommand.Create(),
    };
}
