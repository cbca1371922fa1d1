using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Tests.Suggestions;

[Trait("height", "unit")]
public sealed class QueryUsersTests
{
    [Fact]
    public void Count_FewUsersADay_IsExactAndCountsEachOnce()
    {
        var users = new QueryUsers();
        for (uint k = 0; k < 60; k++)
        {
            users.Add(1, k * 1_000_003);
            users.Add(2, (k + 30) * 1_000_003);
            users.Add(2, (k + 30) * 1_000_003);
        }

        Assert.Equal(90, users.Count());
        Assert.Equal(2, users.LastDay);
    }

    [Fact]
    public void Count_ManyUsers_IsNearAndTheSameInAnyOrder()
    {
        var random = new Random(3);
        uint[] hashes = [.. Enumerable.Range(0, 20_000).Select(_ => (uint)random.NextInt64(1L << 32))];
        var (one, other) = (new QueryUsers(), new QueryUsers());
        foreach (var hash in hashes)
        {
            one.Add((int)(hash % 5), hash);
        }

        foreach (var hash in hashes.Concat(hashes.Take(500)).Reverse())
        {
            other.Add((int)(hash % 5), hash);
        }

        Assert.Equal(one.Count(), other.Count());
        Assert.InRange(one.Count(), 13_000, 29_000); // three standard errors of 1/√62
    }

    [Fact]
    public void Forget_OneOfMany_LeavesTheOthers()
    {
        var random = new Random(4);
        var users = new QueryUsers();
        uint[] hashes = [.. Enumerable.Range(0, 5_000).Select(_ => (uint)random.NextInt64(1L << 32)).Order()];
        foreach (var hash in hashes)
        {
            users.Add(1, hash);
        }

        var before = users.Count();
        users.Forget(new HashSet<uint> { hashes[3] });

        Assert.Equal(before * 63 / 64, users.Count(), 1e-6);
        Assert.InRange(before, 3_200, 7_400);
    }

    [Fact]
    public void Forget_AndExpire_TakeUsersAndDaysOut()
    {
        var users = new QueryUsers();
        users.Add(1, 7);
        users.Add(1, 8);
        users.Add(3, 9);

        users.Forget(new HashSet<uint> { 7 });
        var afterwards = users.Count();

        Assert.Equal(2, afterwards);
        Assert.True(users.Expire(2));
        Assert.Equal(1, users.Count());
        Assert.False(users.Expire(4));
    }
}
