using Strata.Cli.Backups.Core;

namespace Strata.Cli.Tests.Backups.Core;

/// <summary>Positions in a log with gaps, as they are when its records are written anew without any.</summary>
[Trait("height", "unit")]
public sealed class OffsetMapTests
{
    private static readonly long[] Old = [7, 8, 10, 11, 12, 20];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0)]
    [InlineData(8, 1)]
    [InlineData(9, 2)] // a mark of a transaction
    [InlineData(10, 2)]
    [InlineData(12, 4)]
    [InlineData(13, 5)]
    [InlineData(20, 5)]
    [InlineData(21, 6)]
    [InlineData(99, 6)]
    public void Below_AnyOffset_IsTheNumberOfRecordsBeforeIt(long old, long expected)
    {
        var map = new OffsetMap();
        foreach (var offset in Old)
        {
            map.Add(offset);
        }

        var below = map.Below(old);

        Assert.Equal(expected, below);
        Assert.Equal(Old.Count(offset => offset < old), below);
        Assert.Equal(Old.Length, map.Count);
    }

    [Fact]
    public void Below_OfAnEmptyLog_Is0() => Assert.Equal(0, new OffsetMap().Below(12));
}
