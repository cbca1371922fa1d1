using System.IO.Hashing;
using Strata.Clustering.Reducer.Core;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Reducer;

/// <summary>How many users acted of late.</summary>
[Trait("height", "unit")]
public sealed class SegmentUsersTests
{
    private const long Start = 1_700_000_000_000;

    private static long DaysMs(int days) => (long)TimeSpan.FromDays(days).TotalMilliseconds;

    [Fact]
    public void Count_OfUsersSeenOften_CountsEachOnce()
    {
        var users = new SegmentUsers();
        for (var day = 0; day < 10; day++)
        {
            users.Add(Marks(0, 1000), Start + DaysMs(day));
        }

        Assert.InRange(users.Count(), 950, 1050);
    }

    [Fact]
    public void Count_AfterTwoWeeksHasThoseOfBefore_AndAfterFourOnlyTheNewer()
    {
        var users = new SegmentUsers();
        users.Add(Marks(0, 1000), Start);
        users.Add(Marks(1000, 1500), Start + DaysMs(15));
        var both = users.Count();
        users.Add(Marks(1000, 1500), Start + DaysMs(29));

        Assert.InRange(both, 1425, 1575);
        Assert.InRange(users.Count(), 475, 525);
    }

    [Fact]
    public void Count_AfterALongSilence_IsOfThoseWhoCameSince()
    {
        var users = new SegmentUsers();
        users.Add(Marks(0, 1000), Start);

        users.Add(Marks(0, 10), Start + DaysMs(400));

        Assert.InRange(users.Count(), 9, 11);
        Assert.Equal(users.Count(), SegmentUsers.From(users.Newer, users.Older, users.SinceUnixMs).Count());
    }

    private static IEnumerable<uint> Marks(int from, int to)
        => Enumerable.Range(from, to - from).Select(user => DistinctCount.MarkOf(XxHash64.HashToUInt64(BitConverter.GetBytes(user))));
}
