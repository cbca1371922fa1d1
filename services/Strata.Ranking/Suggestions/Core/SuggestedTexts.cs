using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Suggestions.Core;

/// <summary>What a catalogue and users' searches have to suggest.</summary>
internal static class SuggestedTexts
{
    /// <summary>
    /// Titles of what is listed by their items' events (decayed, half-life 7 d), and queries by their different users. A score is ln(1 + n)
    /// over that of the most popular of the same kind: acts and users are no common measure.
    /// </summary>
    public static IEnumerable<SuggestedText> Of(CatalogueView view, IReadOnlyList<(string Query, double Users)> queries)
    {
        var titles = new List<(string Text, int Item, double Popularity)>();
        for (var item = 0; item < view.Count; item++)
        {
            if (view.Items.IsListed(item) && view.Items.Features[item] is { Title.Length: > 0 } features)
            {
                titles.Add((features.Title, item, view.Items.Activity[item].Popularity(HalfLives.Week, view.StreamTimeMs)));
            }
        }

        var mostUsers = queries.Count == 0 ? 0 : queries.Max(query => query.Users);
        var mostEvents = titles.Count == 0 ? 0 : titles.Max(title => title.Popularity);
        return queries.Select(query => new SuggestedText(query.Query, -1, Score(query.Users, mostUsers)))
            .Concat(titles.Select(title => new SuggestedText(title.Text, title.Item, Score(title.Popularity, mostEvents))));
    }

    private static double Score(double number, double most) => most > 0 ? double.LogP1(number) / double.LogP1(most) : 0;
}
