using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Similar;

/// <summary>
/// What is asked: a line of a basket after the warm-up, its item as the query. What should be found: what else is in that basket, and what
/// is in the user's next one. A uniform sample of the lines that have any of it.
/// </summary>
internal sealed class SimilarPlan
{
    private SimilarPlan(SimilarTest[] tests, int eligible) => (Tests, Eligible) = (tests, eligible);

    /// <summary>In the order of the stream.</summary>
    public SimilarTest[] Tests { get; }

    /// <summary>Lines that could have been asked about.</summary>
    public int Eligible { get; }

    /// <summary>Draws the plan.</summary>
    public static SimilarPlan Of(ReplayStream stream, ReplayOptions options)
    {
        var (next, basket) = (new int[stream.Count], new Dictionary<int, int>());
        var starts = new List<int>();
        for (var start = 0; start < stream.Count; start = stream.BasketEnd(start))
        {
            starts.Add(start);
        }

        foreach (var start in Enumerable.Reverse(starts))
        {
            next[start] = basket.GetValueOrDefault(stream.User[start], -1);
            basket[stream.User[start]] = start;
        }

        var tests = new List<SimilarTest>();
        foreach (var start in starts)
        {
            var (own, following) = (ItemsOf(stream, start), next[start] < 0 ? [] : ItemsOf(stream, next[start]));
            for (var i = start; i < stream.BasketEnd(start); i++)
            {
                if (i >= stream.Count / 4 && stream.Tested[i])
                {
                    var item = stream.Item[i];
                    int[][] wanted = [[.. following.Where(other => other != item)], [.. own.Where(other => other != item)]];
                    if (wanted.Any(items => items.Length > 0))
                    {
                        tests.Add(new SimilarTest(i, wanted));
                    }
                }
            }
        }

        var drawn = tests.ToArray();
        if (options.Scored > 0 && options.Scored < drawn.Length)
        {
            new Random(options.Seed).Shuffle(drawn);
            drawn = [.. drawn.Take(options.Scored).OrderBy(test => test.Event)];
        }

        return new SimilarPlan(drawn, tests.Count);
    }

    /// <summary>The distinct items of a basket that may be tested.</summary>
    public static int[] ItemsOf(ReplayStream stream, int start)
        => [
            .. Enumerable.Range(start, stream.BasketEnd(start) - start).Where(i => stream.Tested[i]).Select(i => stream.Item[i]).Distinct(),
        ];
}

/// <summary>One question.</summary>
/// <param name="Event">The line whose item is the query; nothing of its basket is learned when it is asked.</param>
/// <param name="Wanted">What should be found, by <see cref="SimilarEvaluation.Judged"/>.</param>
internal sealed record SimilarTest(int Event, int[][] Wanted);
