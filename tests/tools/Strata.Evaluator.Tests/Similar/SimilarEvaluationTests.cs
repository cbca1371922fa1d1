using Strata.Evaluator.Datasets;
using Strata.Evaluator.Similar;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Tests.Replays;
using Strata.Evaluator.Texts;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Similar;

/// <summary>Items like others, judged by what people buy together.</summary>
[Trait("height", "harness")]
public sealed class SimilarEvaluationTests(ITestOutputHelper output)
{
    [Fact]
    public void Plan_OfBaskets_WantsTheRestOfABasketAndTheNextOneOfTheSameUser()
    {
        var stream = Baskets(new ReplayOptions(), "ann i0", "bob i1", "ann i2 i3 i3", "bob i4", "ann i5 i2");

        var plan = SimilarPlan.Of(stream, new ReplayOptions());

        var asked = plan.Tests.Select(test => (
            Line: $"{stream.Users[stream.User[test.Event]]} {stream.Items[stream.Item[test.Event]].ItemId}",
            Next: string.Join(' ', test.Wanted[0].Select(item => stream.Items[item].ItemId)),
            Same: string.Join(' ', test.Wanted[1].Select(item => stream.Items[item].ItemId)))).ToList();
        Assert.Equal(
            [("ann i2", "i5", "i3"), ("ann i3", "i5 i2", "i2"), ("ann i3", "i5 i2", "i2"), ("ann i5", "", "i2"), ("ann i2", "", "i5")],
            asked);
        Assert.Equal(5, plan.Eligible);
    }

    [Fact]
    public void Plan_OfASample_IsDrawnBySeedAndKeepsTheOrder()
    {
        var stream = Baskets(new ReplayOptions(), [.. Enumerable.Range(0, 40).Select(n => $"u{n % 3} i{n % 7} i{(n + 1) % 7}")]);

        var first = SimilarPlan.Of(stream, new ReplayOptions { Scored = 10 }).Tests.Select(test => test.Event).ToList();

        Assert.Equal(10, first.Count);
        Assert.Equal(first.Order(), first);
        Assert.Equal(first, SimilarPlan.Of(stream, new ReplayOptions { Scored = 10 }).Tests.Select(test => test.Event));
        Assert.NotEqual(first, SimilarPlan.Of(stream, new ReplayOptions { Scored = 10, Seed = 2 }).Tests.Select(test => test.Event));
    }

    [Fact]
    public void BasketCosine_OfBaskets_DividesByBothItemsBaskets()
    {
        var cosine = new BasketCosine(5);
        foreach (int[] basket in (int[][])[[0, 1], [0, 1, 2], [0, 2], [1], [1], [1], [1], [3, 4]])
        {
            cosine.Learn(basket);
        }

        // 0 and 1: 2 / √(3 · 6); 0 and 2: 2 / √(3 · 2).
        Assert.Equal([2, 1], cosine.Find(0, alive: 5, count: 20));
        Assert.Equal([1], cosine.Find(0, alive: 2, count: 20));
        Assert.Equal([2], cosine.Find(0, alive: 5, count: 1));
    }

    [Fact]
    public async Task Evaluate_OnlineRetail_SimilarFindsWhatItemKnnFinds()
    {
        Assert.SkipUnless(SharedFolder.Find() is not null, "there is no folder shared/data with online_retail");
        var folder = Path.Combine(SharedFolder.Find()!, "data", "online_retail");

        var report = await new SimilarEvaluation(new NoProgress(), VectorCache.DefaultFolder).RunAsync(
            DatasetFile.FindIn(folder, "events", ".csv")!,
            DatasetFile.FindIn(folder, "items", ".csv")!,
            new ReplayOptions { Variant = Variant.ByBasket, Scored = 4_000, Seed = 2 },
            TestContext.Current.CancellationToken);

        foreach (var judged in report.Judged)
        {
            var known = judged.Methods.ToDictionary(method => method.Name, method => method.Hr20);
            output.WriteLine($"{judged.Wanted}: {string.Join(", ", known.Select(method => $"{method.Key} {method.Value:F4}"))}");
            Assert.True(judged.Tests > 1_000, judged.Wanted);
            Assert.True(known["similar-behaviour"] >= known["item-knn"], judged.Wanted);
            Assert.True(known["similar-both"] >= known["item-knn"], judged.Wanted);
            Assert.True(known["similar-behaviour"] > known["similar-text"] && known["similar-behaviour"] > known["basket-cosine"]);
        }
    }

    /// <summary>A basket an hour: who, and what.</summary>
    private static ReplayStream Baskets(ReplayOptions options, params string[] baskets)
    {
        var (events, line) = (new List<DatasetEvent>(), 0L);
        for (var hour = 0; hour < baskets.Length; hour++)
        {
            var parts = baskets[hour].Split(' ');
            events.AddRange(parts.Skip(1).Select(
                item => TestStreams.Event(++line, TestStreams.Start.AddHours(hour), $"{parts[0]} {item} purchase")));
        }

        return ReplayStream.Of(TestStreams.Catalogue(7), events, options);
    }
}
