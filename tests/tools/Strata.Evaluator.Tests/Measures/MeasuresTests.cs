using Strata.Evaluator.Measures;

namespace Strata.Evaluator.Tests.Measures;

[Trait("height", "unit")]
public sealed class MeasuresTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(0, 2)]
    [InlineData(18, 5)]
    [InlineData(25, 4)]
    [InlineData(7, 3659)]
    public void Rank_OfTies_IsTheMeanOverAllTheirOrders(int better, int ties)
    {
        Rank[] orders = [.. Enumerable.Range(better, ties)];

        var rank = new Rank(better, ties);

        Assert.Equal(orders.Average(one => one.Hit(20)), rank.Hit(20), 1e-12);
        Assert.Equal(orders.Average(one => one.Gain(20)), rank.Gain(20), 1e-12);
        Assert.Equal(orders.Average(one => one.Reciprocal()), rank.Reciprocal(), 1e-9);
    }

    [Fact]
    public void Rank_Absent_IsWorthNothing()
        => Assert.Equal((0, 0, 0), (Rank.Absent.Hit(20), Rank.Absent.Gain(20), Rank.Absent.Reciprocal()));

    [Fact]
    public void Accuracy_OfFourRanks_IsTheMeanByHand()
    {
        Rank[] ranks = [0, 9, 19, -1];

        var accuracy = Accuracy.Of(ranks);

        Assert.Equal(0.5, accuracy.Hr10);
        Assert.Equal(0.75, accuracy.Hr20);
        Assert.Equal((1 + (1 / Math.Log2(11))) / 4, accuracy.Ndcg10, 12);
        Assert.Equal((1 + (1 / Math.Log2(11)) + (1 / Math.Log2(21))) / 4, accuracy.Ndcg20, 12);
        Assert.Equal((1 + 0.1 + 0.05) / 4, accuracy.Mrr, 12);
    }

    [Fact]
    public void Recall_OfABasketAndASingle_AveragesGroupsNotTests()
    {
        // One basket of three of which one is found, one single that is found.
        Rank[] ranks = [0, 30, -1, 5];
        long[] groups = [1, 1, 1, 2];

        Assert.Equal(((1.0 / 3) + 1) / 2, Accuracy.Recall(ranks, test => groups[test], 10), 12);
    }

    [Fact]
    public void Bootstrap_OfUsersWhoAgree_HasNoWidth()
    {
        int[] users = [1, 1, 2, 3];

        var interval = new Bootstrap(users, 200, 1).Of(_ => 0.25);

        Assert.Equal(0.25, interval.Low, 12);
        Assert.Equal(0.25, interval.High, 12);
    }

    [Fact]
    public void Bootstrap_OfOneHeavyUser_DrawsUsersNotTests()
    {
        // Forty tests of one user against one each of forty others: drawn by users, the heavy one may be absent or come twice, so the
        // interval is wide.
        int[] users = [.. Enumerable.Repeat(0, 40), .. Enumerable.Range(1, 40)];

        var interval = new Bootstrap(users, 2000, 7).Of(test => test < 40 ? 1 : 0);

        Assert.Equal(0, interval.Low, 12);
        Assert.InRange(interval.High, 0.7, 0.9);
    }

    [Fact]
    public void Bootstrap_Differences_ArePaired()
    {
        int[] users = [.. Enumerable.Range(0, 50)];
        double[] first = [.. users.Select(user => user % 2 == 0 ? 1.0 : 0)];
        var bootstrap = new Bootstrap(users, 500, 3);

        var difference = bootstrap.Of(test => first[test] + 0.1 - first[test]);

        Assert.Equal(0.1, difference.Low, 9);
        Assert.Equal(0.1, difference.High, 9);
    }

    [Fact]
    public void Gini_OfEqualAndOfOne_IsZeroAndNearlyOne()
    {
        Assert.Equal(0, SlateMeasures.GiniOf([3, 3, 3, 3]), 12);
        Assert.Equal(0.75, SlateMeasures.GiniOf([0, 0, 0, 8]), 12);
    }

    [Fact]
    public void Divergence_OfTheSameShares_IsZeroAndGrowsWithWhatIsMissing()
    {
        Assert.Equal(0, SlateMeasures.DivergenceOf([0.5, 0.5], [0.5, 0.5]), 12);
        Assert.Equal(
            (0.5 * Math.Log(0.5 / 0.995)) + (0.5 * Math.Log(0.5 / 0.005)),
            SlateMeasures.DivergenceOf([0.5, 0.5], [1, 0]),
            9);
    }
}
