using Strata.Contracts.Ranking.V1;

namespace Strata.Ranking.Serving.Streams;

/// <summary>What a slate has and the one before had not.</summary>
internal static class SlateChange
{
    /// <summary>
    /// The slate with what changed, or null where nothing did that somebody who looks at it would see: which items stand where, and what
    /// the catalogue says of them. Scores, reasons and probabilities move with each event anywhere, and alone are no change.
    /// </summary>
    public static RecommendStreamResponse? Between(RecommendResponse? before, RecommendResponse slate)
    {
        var old = (before?.Items ?? []).ToDictionary(item => item.ItemId, StringComparer.Ordinal);
        var answer = new RecommendStreamResponse { Slate = slate };
        foreach (var item in slate.Items)
        {
            if (!old.Remove(item.ItemId, out var was))
            {
                answer.Entered.Add(item.ItemId);
                continue;
            }

            if (was.Position != item.Position)
            {
                answer.Moved.Add(new MovedItem { ItemId = item.ItemId, From = was.Position, To = item.Position });
            }

            if (!Told(was).Equals(Told(item)))
            {
                answer.Updated.Add(item.ItemId);
            }
        }

        answer.Left.AddRange(old.Values.OrderBy(item => item.Position).Select(item => item.ItemId));
        return before is null || answer.Entered.Count + answer.Left.Count + answer.Moved.Count + answer.Updated.Count > 0 ? answer : null;
    }

    // What the catalogue says of an item, alone.
    private static RankedItem Told(RankedItem item)
    {
        var told = new RankedItem
        {
            Title = item.Title,
            Price = item.Price,
            Availability = item.Availability,
            PictureUrl = item.PictureUrl,
        };
        told.Attributes.Add(item.Attributes);
        told.Categories.AddRange(item.Categories);
        return told;
    }
}
