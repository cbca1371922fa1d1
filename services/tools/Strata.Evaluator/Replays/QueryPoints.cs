using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;

namespace Strata.Evaluator.Replays;

/// <summary>Where searches' interest points lie, as the Featurizer sends them.</summary>
/// <param name="queries">What is known of the queries.</param>
/// <param name="options">What answers them.</param>
internal sealed class QueryPoints(QueryFeatures queries, AnswersOptions options)
{
    private readonly AnswerIndex _index = new(options);

    /// <summary>An item that may answer.</summary>
    public void Put(string itemId, Vector vector) => _index.Put(itemId, vector);

    /// <summary>What a query is taken as; null when it makes no point.</summary>
    public QueryAnswer? Of(string query)
    {
        if (queries.Terms[query].Count == 0)
        {
            return null;
        }

        _index.Publish();
        return _index.Answer(queries.Vectors[query], queries.Plain);
    }
}
