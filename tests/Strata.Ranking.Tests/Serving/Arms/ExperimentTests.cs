using Microsoft.Extensions.Configuration;
using Strata.Ranking.Serving.Arms;

namespace Strata.Ranking.Tests.Serving.Arms;

[Trait("height", "unit")]
public sealed class ExperimentTests
{
    private const int Users = 100_000;

    private static readonly IConfigurationSection None = new ConfigurationBuilder().Build().GetSection("none");

    [Theory]
    [InlineData("a")]
    [InlineData("spring")]
    [InlineData("salt of some length, with ümlauts")]
    public void ArmOf_ManyUsers_AreSharedOutAsAsked(string salt)
    {
        double[] shares = [.5, .3, .1];
        var experiment = Of(salt, shares);

        var counts = new int[shares.Length + 1];
        for (var user = 0; user < Users; user++)
        {
            counts[experiment.ArmOf($"user-{user}")]++;
        }

        // χ² of four classes: 16.27 is passed once in a thousand.
        double[] expected = [.. shares.Append(1 - shares.Sum()).Select(share => share * Users)];
        Assert.InRange(counts.Zip(expected, (count, mean) => (count - mean) * (count - mean) / mean).Sum(), 0, 16.27);
    }

    [Fact]
    public void ArmOf_TwoSalts_MixUsersAnew()
    {
        var (first, second) = (Of("one", .5, .5), Of("two", .5, .5));

        var both = Enumerable.Range(0, Users).Count(user => first.ArmOf($"{user}") == second.ArmOf($"{user}"));

        // Four standard deviations of a fair coin.
        Assert.InRange(both, (Users / 2) - (2 * Math.Sqrt(Users)), (Users / 2) + (2 * Math.Sqrt(Users)));
    }

    [Theory]
    [InlineData("ann", 0)]
    [InlineData("ben", 0)]
    [InlineData("cid", 1)]
    [InlineData("zoë", 1)]
    public void ArmOf_KnownUser_IsTheSameForGood(string user, int arm) => Assert.Equal(arm, Of("golden", .4, .3, .3).ArmOf(user));

    [Fact]
    public void ArmOf_FirstArmGrows_TakesNobodyFromItself()
    {
        var (small, large) = (Of("s", .1, .1), Of("s", .3, .1));

        Assert.All(
            Enumerable.Range(0, 1000).Select(user => $"{user}").Where(user => small.ArmOf(user) == 0),
            user => Assert.Equal(0, large.ArmOf(user)));
    }

    private static Experiment Of(string salt, params double[] shares)
        => new("test", salt, "arm-0", [.. shares.Select((share, i) => new ExperimentShare($"arm-{i}", share, None))]);
}
