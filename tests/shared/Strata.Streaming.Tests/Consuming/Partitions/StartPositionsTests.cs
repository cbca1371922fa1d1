using Strata.Streaming.Consuming.Partitions;

namespace Strata.Streaming.Tests.Consuming.Partitions;

[Trait("height", "unit")]
public sealed class StartPositionsTests
{
    private static readonly string[] Both = ["a", "b"];

    [Fact]
    public void Of_EachTopic_TakesTheSmaller()
    {
        var starts = StartPositions.Of(Both, Map(("a", 10), ("b", 10)), Map(("a", 4), ("b", 12)), Map());

        Assert.Equal((4, 10), (starts["a"], starts["b"]));
    }

    [Fact]
    public void Of_Rewound_GoesBackFurtherAndNeverForward()
    {
        var starts = StartPositions.Of(Both, Map(("a", 10), ("b", 10)), Map(("a", 4)), Map(("a", 0), ("b", 20)));

        Assert.Equal((0, 10), (starts["a"], starts["b"]));
    }

    [Fact]
    public void Of_NothingCommitted_BeginsAtTheBeginningWhateverTheStateSays()
    {
        var starts = StartPositions.Of(Both, Map(("a", 10)), Map(("b", 7)), Map());

        Assert.Equal((10, null), (starts["a"], starts["b"]));
    }

    [Fact]
    public void Of_ForeignTopic_IsRefused()
        => Assert.Throws<InvalidOperationException>(() => StartPositions.Of(Both, Map(), Map(("c", 1)), Map()));

    private static Dictionary<string, long> Map(params (string Topic, long Next)[] positions)
        => positions.ToDictionary(position => position.Topic, position => position.Next);
}
