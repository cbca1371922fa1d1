using Strata.Evaluator.Search;
using Strata.Evaluator.Texts;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Search;

/// <summary>Whether queries lie in the layers of their answers.</summary>
[Trait("height", "harness")]
public sealed class QueryLayersTests
{
    [Fact]
    public void Shares_OfQueriesWithLayers_CountAnswersInTheirOwnAndInTheBest()
    {
        int[] itemLayers = [0, 0, 0, 1, 1, 2];
        int[][] answers = [[0, 1, 3], [2, 3, 4, 5], [5]];

        Assert.Equal((3 / 8.0, 5 / 8.0), QueryLayersEvaluation.Shares(itemLayers, [0, 2, -1], answers));
        Assert.Equal((5 / 8.0, 5 / 8.0), QueryLayersEvaluation.Shares(itemLayers, [0, 1, 2], answers));
        Assert.Equal((0, 5 / 8.0), QueryLayersEvaluation.Shares(itemLayers, [-1, -1, -1], answers));
    }

    [Fact]
    public void Shares_WithoutAnswers_AreNothing() => Assert.Equal((0, 0), QueryLayersEvaluation.Shares([0], [], []));

    [Fact]
    public async Task Esci_SeededAndStreamedWithItsQueries_QueriesLieWithTheirAnswersWhateverTheShareOfSearches()
    {
        Assert.SkipUnless(SharedFolder.Find() is not null, "there is no folder shared/data with esci_opensearch");
        var folder = Path.Combine(SharedFolder.Find()!, "data", "esci_opensearch");

        // The folder in which "evaluate search" leaves the vectors of the same texts.
        var report = await new QueryLayersEvaluation(new NoProgress(), VectorCache.DefaultFolder).RunAsync(
            Path.Combine(folder, "items.jsonl.gz"),
            Path.Combine(folder, "judgments_dev50.csv.gz"),
            [.05, .9],
            events: 20_000,
            seed: 1,
            TestContext.Current.CancellationToken);

        var figures = string.Join("; ", report.Searches);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(report is { QueryCount: 50, AnswerCount: > 1_000, Searches.Count: 2 }, figures);
        Assert.True(report.Searches[0] is { Own: >= .85, Lost: 0 }, figures);
        Assert.True(report.Searches[1] is { Own: >= .8, Lost: 0 }, figures);
    }
}
