using Strata.Contracts.Common.V1;
using Strata.Contracts.State.V1;
using Strata.Evaluator.Texts;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Evaluator.Replays;

/// <summary>What is known of the queries of a stream.</summary>
/// <param name="Vectors">Their own vectors.</param>
/// <param name="Terms">Their terms.</param>
/// <param name="Plain">Where the encoder puts queries and items.</param>
internal sealed record QueryFeatures(
    IReadOnlyDictionary<string, Vector> Vectors,
    IReadOnlyDictionary<string, IReadOnlyList<TermWeight>> Terms,
    PlainMeans Plain)
{
    private readonly Dictionary<string, Vector?> _centred = Vectors.ToDictionary(pair => pair.Key, pair => Plain.Centre(pair.Value));

    /// <summary>A query's vector less the mean of plain queries; null when nothing remains.</summary>
    public Vector? Centred(string query) => _centred[query];

    /// <summary>A query as its user's profile has it.</summary>
    public ProfileQuery InProfile(string query, long timeUnixMs)
        => ProfileQueries.Describe(query, Centred(query), Terms[query], timeUnixMs);

    public static QueryFeatures None { get; }
        = new(new Dictionary<string, Vector>(), new Dictionary<string, IReadOnlyList<TermWeight>>(), new PlainMeans([], []));

    /// <summary>Vectors and terms of queries, each once.</summary>
    public static async Task<QueryFeatures> DescribeAsync(
        TextFeatures texts,
        IEnumerable<string> queries,
        Func<int, Action<int>> progress,
        CancellationToken cancellationToken)
    {
        string[] once = [.. queries.Distinct(StringComparer.Ordinal)];
        if (once.Length == 0)
        {
            return None;
        }

        var vectors = await texts.QueriesAsync(once, progress(once.Length), cancellationToken);
        return new QueryFeatures(
            once.Zip(vectors).ToDictionary(StringComparer.Ordinal),
            once.ToDictionary(query => query, texts.TermsOf, StringComparer.Ordinal),
            await PlainTexts.MeansAsync(
                async query => (await texts.QueriesAsync([query], _ => { }, cancellationToken))[0],
                async passage => (await texts.PassagesAsync([passage], _ => { }, cancellationToken))[0]));
    }
}
