using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Search;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Sessions;

/// <summary>Makes a stream of sessions with judged queries, writes it as a data set's events, and replays it.</summary>
/// <param name="progress">Hears how far it is.</param>
/// <param name="cacheFolder">Where vectors rest.</param>
internal sealed class SessionsEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    /// <summary>Methods unless others are asked for.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["strata", "strata-no-searches"];

    /// <param name="itemsPath">Items, as for ranking.</param>
    /// <param name="judgmentsPath">CSV query,item,esci.</param>
    /// <param name="eventsPath">Where the stream is written.</param>
    /// <param name="options">Which sessions.</param>
    /// <param name="methods">Methods by name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RankingReport> RunAsync(
        string itemsPath,
        string judgmentsPath,
        string eventsPath,
        SessionOptions options,
        IReadOnlyCollection<string> methods,
        CancellationToken cancellationToken)
    {
        var events = new SessionGenerator(DatasetItems.Read(itemsPath), Judgment.Read(judgmentsPath), options).Make();
        DatasetEvent.Write(eventsPath, events);
        return await new RankingEvaluation(progress, cacheFolder).RunAsync(
            eventsPath, itemsPath, new ReplayOptions { Seed = options.Seed }, methods.Contains, null, cancellationToken);
    }
}
