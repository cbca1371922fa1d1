using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Scoring.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Explanations;

/// <summary>Says why an item stands in a slate.</summary>
public static class Explainer
{
    /// <summary>Contributions told with a slate, unless it asks for all.</summary>
    public const int Told = 5;
    private const string QueryPrefix = "query: ";

    // Decayed events of an item that is called popular.
    private const double LeastPopular = 3;

    // Slates with an item of which is said that they had it.
    private const int OftenPassed = 2;

    // Age of an item that is called new, at most.
    private static readonly TimeSpan New = TimeSpan.FromDays(30);

    /// <summary>The exact make-up of a candidate's score.</summary>
    public static Explanation Explain(RankingRequest request, RankingPolicy policy, int candidate)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        return new Explanation(Scorer.Contributions(request, policy, candidate));
    }

    /// <summary>The reason, for people and for programs.</summary>
    public static Reason ReasonFor(
        RankingRequest request,
        RankingPolicy policy,
        int candidate,
        Explanation explanation,
        bool exploration,
        int told = Told,
        Sentences? language = null)
    {
        language ??= Sentences.Usual;
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(explanation);
        var item = request.Items[candidate];
        var reason = new Reason { Exploration = exploration };
        Span<int> sources = stackalloc int[SourceSchema.Count];
        sources = sources[..SourcesOf(request, item, sources)];
        foreach (var source in sources)
        {
            reason.Sources.Add(SourceSchema.Names[source]);
        }

        reason.Contributions.AddRange(explanation.Largest(told));
        Span<ReasonFamily> families = stackalloc ReasonFamily[ReasonFamilies.Count + SourceSchema.Count];
        foreach (var family in families[..FamiliesOf(explanation, sources, families)])
        {
            if (Say(request, item, family, reason, language) is { } text)
            {
                reason.Text = text;
                break;
            }
        }

        if (exploration || reason.Text.Length == 0)
        {
            var words = LayerWords(request.View, item);
            reason.Text = exploration
                ? language.Say(Sentence.Different, Sentence.DifferentFrom, words)
                : language.Say(Sentence.Catalogue, Sentence.CatalogueOf, words);
        }

        if (WasPassedOver(request, item, explanation) is > 0 and var times)
        {
            reason.Text = language.Say(Sentence.PassedOver, reason.Text, times);
        }

        return reason;
    }

    /// <summary>
    /// How often an item was shown and not chosen, where that is among what weighs most in its score; 0 where it is not, where it was once,
    /// and for an item that the user knows from elsewhere.
    /// </summary>
    internal static int WasPassedOver(RankingRequest request, int item, Explanation explanation)
        => request.Passed.TimesOf(item) is >= OftenPassed and var times
            && !request.History.Items.Contains(item)
            && explanation.Largest(Told).Any(part => part.Feature == Fatigue.Name)
                ? times
                : 0;

    /// <summary>Why an item is like those that somebody has just touched, the weightier way of being alike first.</summary>
    internal static Reason ReasonForLike(RankingRequest given, int item, bool behaviourFirst, Sentences language)
    {
        ArgumentNullException.ThrowIfNull(given);
        var reason = new Reason();
        reason.Text = (behaviourFirst ? Together() : null)
            ?? Because(given, item, Causes.ByText(given, item), Sentence.ReadsLike, reason, language)
            ?? Together()
            ?? language.Say(Sentence.Catalogue, Sentence.CatalogueOf, LayerWords(given.View, item));
        return reason;

        string? Together() => Because(given, item, Causes.ByCoVisit(given, item), Sentence.Together, reason, language);
    }

    private static IReadOnlyList<string> LayerWords(CatalogueView view, int item)
        => view.WordsOf(view.Assignment.SlotOf(item));

    // The sources that proposed an item, best rank first; how many.
    private static int SourcesOf(RankingRequest request, int item, Span<int> sources)
    {
        Span<int> ranks = stackalloc int[SourceSchema.Count];
        var count = 0;
        for (var source = 0; source < SourceSchema.Count; source++)
        {
            if (request.ListOf(source).RankOf(item) is >= 0 and var rank)
            {
                Insert(ranks, sources, count++, rank, source);
            }
        }

        return count;
    }

    // Families by what they add to the score, largest first; then by the sources that proposed the item, best rank first. How many.
    private static int FamiliesOf(Explanation explanation, ReadOnlySpan<int> sources, Span<ReasonFamily> families)
    {
        Span<double> sums = stackalloc double[ReasonFamilies.Count];
        sums.Clear();
        for (var feature = 0; feature < explanation.Values.Count; feature++)
        {
            sums[(int)ReasonFamilies.OfFeature(feature)] += explanation.Values[feature];
        }

        Span<double> keys = stackalloc double[ReasonFamilies.Count];
        var count = 0;
        for (var family = 0; family < sums.Length; family++)
        {
            if (sums[family] > 0)
            {
                Insert(keys, families, count++, -sums[family], (ReasonFamily)family);
            }
        }

        foreach (var source in sources)
        {
            families[count++] = ReasonFamilies.OfSource(source);
        }

        return count;
    }

    // Among the first so many, in the order of their keys, and behind equals.
    private static void Insert<TKey, TValue>(Span<TKey> keys, Span<TValue> values, int count, TKey key, TValue value)
        where TKey : IComparable<TKey>
    {
        var at = count;
        for (; at > 0 && keys[at - 1].CompareTo(key) > 0; at--)
        {
            (keys[at], values[at]) = (keys[at - 1], values[at - 1]);
        }

        (keys[at], values[at]) = (key, value);
    }

    // The sentence of a family; null when nothing of the user's or the item's bears it out.
    private static string? Say(RankingRequest request, int item, ReasonFamily family, Reason reason, Sentences language)
    {
        return family switch
        {
            ReasonFamily.Together => Because(request, item, Causes.ByCoVisit(request, item), Sentence.Together, reason, language),
            ReasonFamily.Next => Because(request, item, Causes.ByTransition(request, item), Sentence.Next, reason, language),
            ReasonFamily.Text => Because(request, item, Causes.ByText(request, item), null, reason, language),
            ReasonFamily.Search => BecauseOfQuery(request, item, reason, language),
            ReasonFamily.Trending when LayerWords(request.View, item) is { Count: > 0 } words
                && request.LayerShare(request.View.Assignment.SlotOf(item)) >= Causes.LeastShare
                && request.View.Items.Activity[item].Popularity(HalfLives.Week, request.NowMs) >= LeastPopular
                => language.Say(Sentence.TrendingIn, Sentence.TrendingIn, words),
            ReasonFamily.Popular when Popular(request, item) is var (without, about)
                => language.Say(without, about, LayerWords(request.View, item)),
            ReasonFamily.Fresh when request.View.Items.Features[item] is { CreatedUnixMs: > 0 } features
                && request.NowMs - features.CreatedUnixMs < New.TotalMilliseconds
                => language.Say(Sentence.New, Sentence.NewIn, LayerWords(request.View, item)),
            ReasonFamily.Repeat when request.History.Items.Contains(item) => language.Say(Sentence.HadBefore),
            _ => null,
        };
    }

    // No sentence given: the one of what the user did with their item.
    private static string? Because(
        RankingRequest request, int item, int own, Sentence? sentence, Reason reason, Sentences language)
    {
        if (own < 0
            || request.View.Items.Features[request.History.Items[own]] is not { Hidden: false } features
            || request.History.LastMs[own] < features.TitleSinceUnixMs)
        {
            // It is hidden, or its title was another one when the user had to do with it: what they would read is not what they saw.
            return null;
        }

        reason.BecauseOf.Add(features.ItemId);
        sentence ??= Causes.Act(request.User.Profile!.Items.FirstOrDefault(candidate => candidate.ItemId == features.ItemId));
        return language.InLayer(language.Say(sentence.Value, features.Title), LayerWords(request.View, item));
    }

    private static string? BecauseOfQuery(RankingRequest request, int item, Reason reason, Sentences language)
    {
        if (Causes.ByQuery(request, item) is not (>= 0 and var query))
        {
            return null;
        }

        var text = request.User.Profile!.Queries[request.Text.Queries.NumberOf(query)].Text;
        reason.BecauseOf.Add(QueryPrefix + text);
        return language.InLayer(language.Say(Sentence.Searched, text), LayerWords(request.View, item));
    }

    private static (Sentence Without, Sentence About)? Popular(RankingRequest request, int item)
    {
        var activity = request.View.Items.Activity[item];
        return activity.Popularity(HalfLives.Day, request.NowMs) >= LeastPopular ? (Sentence.PopularToday, Sentence.PopularTodayIn)
            : activity.Popularity(HalfLives.Week, request.NowMs) >= LeastPopular ? (Sentence.PopularThisWeek, Sentence.PopularThisWeekIn)
            : activity.Popularity(HalfLives.Ever, request.NowMs) >= LeastPopular
                ? (Sentence.PopularWithOthers, Sentence.PopularWithOthersIn)
            : null;
    }
}
