using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Baselines;

internal static class BaselineList
{
    /// <summary>All that make sense in a variant.</summary>
    public static IReadOnlyList<Entry> All(ReplayStream stream, TestPlan plan, float[] vectors)
    {
        var items = stream.Items.Length;
        var start = stream.Count > 0 ? stream.Time[0] : 0;
        List<Entry> list =
        [
            new("popularity", () => new Popularity(items)),
            new("recent-popularity", () => new RecentPopularity(items)),
            new("newest", () => new Newest(stream.CreatedMs)),
            new("item-knn", () => new ItemKnn(items, start)),
            new("markov", () => new Markov(items, start)),
            new("v-sknn", () => new VectorSessionKnn(items, stream.Users.Length)),
            new("content-centroid", () => new ContentCentroid(vectors, items)),
        ];
        if (plan.Repeats)
        {
            list.Add(new Entry("own-repeats", () => new OwnRepeats(stream.Users.Length)));
        }

        return list;
    }

    /// <summary>A baseline that can be made in its first state.</summary>
    internal sealed record Entry(string Name, Func<IBaseline> Make);
}
