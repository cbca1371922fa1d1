using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Profiles.Core;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Profiles;

/// <summary>Finds out what events are about: features of their items, terms and vectors of their queries.</summary>
internal sealed class SubjectSource(
    ItemFeaturesSource items,
    TermExtractor extractor,
    IEncoder encoder,
    AnswerTable answers,
    IOptions<TokensOptions> tokens)
{
    /// <summary>Subjects of a batch by kind of subject and name.</summary>
    public async ValueTask<Func<UserEvent, Subject>> FindAsync(IReadOnlyCollection<UserEvent> events, CancellationToken cancellationToken)
    {
        (string Text, string Language)[] texts =
        [
            .. events.Where(happened => happened.Kind == EventKind.Search)
                .Select(happened => (happened.Query, happened.Language))
                .Distinct(),
        ];
        var vectors = await Task.WhenAll(texts.Select(text => encoder.EncodeQueryAsync(text.Text, cancellationToken).AsTask()));
        var queries = new Dictionary<(string Text, string Language), Subject>();
        for (var i = 0; i < texts.Length; i++)
        {
            var terms = TermFrequencies.Of(extractor.Extract(texts[i].Text, texts[i].Language), tokens.Value.TermsPerText);
            // Marks and function words alone ask for nothing.
            var answer = terms.Count == 0 ? null : await answers.AnswerAsync(vectors[i], cancellationToken);
            queries[texts[i]] = new Subject(
                terms, await answers.CentreAsync(vectors[i], cancellationToken), answer?.Point, encoder.Name, answer?.ItemId);
        }

        string[] ids =
        [
            .. events.Where(happened => happened.ItemId.Length > 0).Select(happened => happened.ItemId).Distinct(StringComparer.Ordinal),
        ];
        var features = await items.FindAsync(ids, cancellationToken);
        return happened => happened.Kind == EventKind.Search
            ? queries[(happened.Query, happened.Language)]
            : features.TryGetValue(happened.ItemId, out var item)
                ? new Subject(item.Terms, item.Embedding, item.Embedding, item.Encoder)
                : Subject.Unknown;
    }
}
