using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;
using Strata.Ranking.Slates;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Replays;

/// <summary>The smallest real set, whole: it keeps an eye on the wiring, since 388 events are too few for claims about quality.</summary>
[Trait("height", "harness")]
public sealed class ConlangTests
{
    private static readonly string[] Methods = ["strata", "strata-served", "strata-no-learner", "newest", "recent-popularity", "item-knn"];

    [Fact]
    public async Task Evaluate_TheWholeSet_GivesTheGoldenFigures()
    {
        var report = await EvaluateAsync(new ReplayOptions());

        Assert.Equal((388, 54, 66), (report.EventCount, report.ItemCount, report.UserCount));
        Assert.Equal(140, report.Scored);

        // Of the baselines to the last digit that two machines share; of ours, which rests on the encoder's floats, to two.
        Assert.Equal(GoldenNewest, Of(report, "newest").Ndcg20, 3);
        Assert.Equal(GoldenPopularity, Of(report, "recent-popularity").Ndcg20, 3);
        Assert.Equal(GoldenNeighbours, Of(report, "item-knn").Ndcg20, 3);
        Assert.InRange(Of(report, "strata").Ndcg20, GoldenStrata - 0.02, GoldenStrata + 0.02);
        Assert.InRange(Of(report, "strata-served").Ndcg20, GoldenServed - 0.02, GoldenServed + 0.02);
        Assert.True(Of(report, "strata").Ndcg20 > Of(report, "strata-no-learner").Ndcg20, "learning must be worth it even here");
    }

    [Fact]
    public async Task Evaluate_Twice_GivesTheSameFigures()
    {
        var first = await EvaluateAsync(new ReplayOptions { Variant = Variant.ByBasket, Scored = 60, Seed = 3 });
        var second = await EvaluateAsync(new ReplayOptions { Variant = Variant.ByBasket, Scored = 60, Seed = 3 });

        Assert.Equal(Figures(first), Figures(second));
        Assert.Equal(first.Sources, second.Sources);
    }

    [Fact]
    public async Task Evaluate_WithRepeats_TestsThem()
    {
        var report = await EvaluateAsync(new ReplayOptions { Variant = Variant.WithRepeats });

        Assert.True(report.Eligible > 200, "most answers and comments come again");
        Assert.True(report.Sources.Single(source => source.Name == "repeat").Hr20 > 0.3);
    }

    [Theory]
    [InlineData(0, GoldenServed)]
    [InlineData(1, GoldenServedByBasket)]
    [InlineData(2, GoldenServedWithRepeats)]
    public async Task Evaluate_AnyVariant_HasSlatesAsServed(int variant, double golden)
    {
        var report = await EvaluateAsync(new ReplayOptions { Variant = (Variant)variant });

        var (served, pure) = (Of(report, "strata-served"), Of(report, "strata"));
        Assert.InRange(served.Ndcg20, golden - 0.02, golden + 0.02);
        Assert.NotEqual(pure.Ndcg20, served.Ndcg20);
        Assert.True(served.Diversity >= pure.Diversity, "what diversity is there for");
        Assert.InRange(served.Ndcg20, 0.99 * pure.Ndcg20, 1);
        Assert.InRange((report.LayerVariation - report.LayerVariationLeast)!.Value, 0, 0.15);
    }

    [Fact]
    public async Task Evaluate_ServedWithoutDiversityAndExploration_IsTheOrderOfTheScores()
    {
        var report = await EvaluateAsync(
            new ReplayOptions(),
            new StrataSetup { Serves = true, Slates = new SlateOptions { Diversity = 0, Exploration = 0, Calibration = 0 } });

        var (served, pure) = (Of(report, "strata-served"), Of(report, "strata"));
        Assert.Equal(
            (pure.Hr10, pure.Ndcg10, pure.Hr20, pure.Ndcg20, pure.Mrr, pure.Coverage),
            (served.Hr10, served.Ndcg10, served.Hr20, served.Ndcg20, served.Mrr, served.Coverage));
    }

    private const double GoldenServed = 0.734;
    private const double GoldenServedByBasket = 0.735;
    private const double GoldenServedWithRepeats = 0.786;
    private const double GoldenNewest = 0.695;
    private const double GoldenPopularity = 0.717;
    private const double GoldenNeighbours = 0.465;
    private const double GoldenStrata = 0.736;

    private static async Task<RankingReport> EvaluateAsync(ReplayOptions options, StrataSetup? setup = null)
    {
        Assert.SkipUnless(SharedFolder.Find() is not null, "there is no folder shared/data with se_conlang_meta_2020");
        var folder = Path.Combine(SharedFolder.Find()!, "data", "se_conlang_meta_2020");
        var cache = Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests");
        return await new RankingEvaluation(new NoProgress(), cache).RunAsync(
            Path.Combine(folder, "events.csv.gz"),
            Path.Combine(folder, "items.jsonl.gz"),
            options,
            Methods.Append("sources").Contains,
            setup,
            TestContext.Current.CancellationToken);
    }

    private static MethodReport Of(RankingReport report, string name) => report.Methods.Single(method => method.Name == name);

    private static IEnumerable<(string, double, double, double, double)> Figures(RankingReport report)
        => report.Methods.Select(method => (method.Name, method.Ndcg20, method.Ndcg20Low, method.Hr10, method.Novelty));
}
