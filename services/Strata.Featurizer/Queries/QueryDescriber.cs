using Microsoft.Extensions.Options;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Profiles.Core;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Queries;

/// <summary>Describes queries that no event has brought, as their profiles would.</summary>
public sealed class QueryDescriber
{
    /// <summary>Longest query, in characters.</summary>
    public const int Longest = 256;

    private readonly TermExtractor _extractor;
    private readonly IEncoder _encoder;
    private readonly AnswerTable _answers;
    private readonly int _terms;

    internal QueryDescriber(TermExtractor extractor, IEncoder encoder, AnswerTable answers, IOptions<TokensOptions> tokens)
        => (_extractor, _encoder, _answers, _terms) = (extractor, encoder, answers, tokens.Value.TermsPerText);

    /// <summary>A query's vector less what all queries have in common, and its terms; the time is the caller's matter.</summary>
    public async ValueTask<ProfileQuery> DescribeAsync(string query, CancellationToken cancellationToken)
    {
        var vector = await _encoder.EncodeQueryAsync(query, cancellationToken);
        var centred = await _answers.CentreAsync(vector, cancellationToken);
        return ProfileQueries.Describe(query, centred, TermFrequencies.Of(_extractor.Extract(query), _terms), timeUnixMs: 0);
    }
}
