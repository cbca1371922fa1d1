using System.Globalization;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Scoring.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Explanations;

/// <summary>An item's score and what it is made of.</summary>
/// <param name="Score">Sum of the contributions, added up in their order.</param>
/// <param name="Contributions">All contributions, in the order of the schema.</param>
public sealed record Explanation(double Score, IReadOnlyList<Contribution> Contributions);

/// <summary>Says why an item stands in a slate.</summary>
public static class Explainer
{
    // Contributions told with a slate; Explain tells them all.
    private const int Told = 5;
    private const int Words = 3;
    private const string QueryPrefix = "query: ";

    // Decayed events of an item that is called popular.
    private const double LeastPopular = 3;

    // Age of an item that is called new, at most.
    private static readonly TimeSpan New = TimeSpan.FromDays(30);

    /// <summary>The exact make-up of a candidate's score.</summary>
    public static Explanation Explain(RankingRequest request, RankingPolicy policy, int candidate)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        var sum = 0.0;
        var contributions = Scorer.Contributions(request, policy, candidate)
            .Select(part => new Contribution { Feature = part.Feature, Value = part.Value }).ToList();
        foreach (var contribution in contributions)
        {
            sum += contribution.Value;
        }

        return new Explanation(sum, contributions);
    }

    /// <summary>The reason, for people and for programs.</summary>
    public static Reason ReasonFor(RankingRequest request, RankingPolicy policy, int candidate, Explanation explanation, bool exploration)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(explanation);
        var item = request.Items[candidate];
        var sources = Enumerable.Range(0, SourceSchema.Count).Where(source => request.ListOf(source).RankOf(item) >= 0)
            .OrderBy(source => request.ListOf(source).RankOf(item)).ToList();
        var reason = new Reason { Exploration = exploration };
        reason.Sources.AddRange(sources.Select(source => SourceSchema.Names[source]));
        reason.Contributions.AddRange(
            explanation.Contributions.Where(part => part.Value != 0).OrderByDescending(part => Math.Abs(part.Value)).Take(Told));
        foreach (var family in Families(policy, explanation, sources))
        {
            if (Say(request, item, family, reason) is { } text)
            {
                reason.Text = text;
                break;
            }
        }

        if (exploration || reason.Text.Length == 0)
        {
            var words = LayerWords(request.View, item);
            reason.Text = (exploration, words.Count > 0) switch
            {
                (true, true) => $"Something different to try, from {Join(words)}",
                (true, false) => "Something different to try",
                (false, true) => $"From the catalogue's {Join(words)}",
                _ => "From the catalogue",
            };
        }

        return reason;
    }

    /// <summary>Words of an item's layer as people write them; empty without a layer.</summary>
    public static IReadOnlyList<string> LayerWords(CatalogueView view, int item)
    {
        ArgumentNullException.ThrowIfNull(view);
        return SlotWords(view, view.Assignment.SlotOf(item));
    }

    /// <summary>Words of a layer as people write them.</summary>
    public static IReadOnlyList<string> SlotWords(CatalogueView view, int slot)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Layers[slot] is { } layer
            ? [.. layer.Words.Select(word => view.Terms.Readable(word.Term)).Distinct(StringComparer.Ordinal)]
            : [];
    }

    // Families by what they add to the score, largest first; then by the sources that proposed the item, best rank first.
    private static IEnumerable<ReasonFamily> Families(RankingPolicy policy, Explanation explanation, List<int> sources)
    {
        var bySource = sources.Select(ReasonFamilies.OfSource);
        var sums = new double[Enum.GetValues<ReasonFamily>().Length];
        for (var feature = 0; feature < explanation.Contributions.Count; feature++)
        {
            sums[(int)ReasonFamilies.OfFeature(feature)] += explanation.Contributions[feature].Value;
        }

        return Enum.GetValues<ReasonFamily>()
            .Where(family => sums[(int)family] > 0).OrderByDescending(family => sums[(int)family])
            .Concat(bySource);
    }

    // The sentence of a family; null when nothing of the user's or the item's bears it out.
    private static string? Say(RankingRequest request, int item, ReasonFamily family, Reason reason)
    {
        var words = LayerWords(request.View, item);
        var where = words.Count > 0 ? " in " + Join(words) : string.Empty;
        return family switch
        {
            ReasonFamily.Together => Because(request, item, Causes.ByCoVisit(request, item), "Often chosen together with {0}", reason),
            ReasonFamily.Next => Because(request, item, Causes.ByTransition(request, item), "Often chosen after {0}", reason),
            ReasonFamily.Text => Because(request, item, Causes.ByText(request, item), "Because you {1} {0}", reason),
            ReasonFamily.Search => BecauseOfQuery(request, item, reason),
            ReasonFamily.Trending when words.Count > 0 && request.LayerShare(request.View.Assignment.SlotOf(item)) >= Causes.LeastShare
                && request.View.Items.Activity[item].Popularity(HalfLives.Week, request.NowMs) >= LeastPopular
                => $"Popular now{where}, which you look at",
            ReasonFamily.Popular when Popular(request, item) is { } time => $"Popular {time}{where}",
            ReasonFamily.Fresh when request.View.Items.Features[item] is { CreatedUnixMs: > 0 } features
                && request.NowMs - features.CreatedUnixMs < New.TotalMilliseconds => $"New{where}",
            ReasonFamily.Repeat when request.History.Items.Contains(item) => "You had it before",
            _ => null,
        };
    }

    private static string? Because(RankingRequest request, int item, int own, string sentence, Reason reason)
    {
        if (own < 0
            || request.View.Items.Features[request.History.Items[own]] is not { } features
            || request.History.LastMs[own] < features.TitleSinceUnixMs)
        {
            // Its title was another one when the user had to do with it: what they would read is not what they saw.
            return null;
        }

        reason.BecauseOf.Add(features.ItemId);
        var entry = request.User.Profile!.Items.FirstOrDefault(candidate => candidate.ItemId == features.ItemId);
        var cause = string.Format(CultureInfo.InvariantCulture, sentence, $"«{features.Title}»", Causes.Verb(entry));
        return cause + LayerSuffix(request.View, item);
    }

    private static string? BecauseOfQuery(RankingRequest request, int item, Reason reason)
    {
        if (Causes.ByQuery(request, item) is not (>= 0 and var query))
        {
            return null;
        }

        var text = request.User.Profile!.Queries[request.Text.Queries.NumberOf(query)].Text;
        reason.BecauseOf.Add(QueryPrefix + text);
        return $"Because you searched for “{text}”" + LayerSuffix(request.View, item);
    }

    private static string LayerSuffix(CatalogueView view, int item)
        => LayerWords(view, item) is { Count: > 0 } words ? $"; layer: {string.Join(", ", words.Take(Words))}" : string.Empty;

    private static string? Popular(RankingRequest request, int item)
    {
        var activity = request.View.Items.Activity[item];
        return activity.Popularity(HalfLives.Day, request.NowMs) >= LeastPopular ? "today"
            : activity.Popularity(HalfLives.Week, request.NowMs) >= LeastPopular ? "this week"
            : activity.Popularity(HalfLives.Ever, request.NowMs) >= LeastPopular ? "with others" : null;
    }

    private static string Join(IReadOnlyList<string> words) => string.Join(", ", words.Take(Words));
}
