using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class UserArmsTests
{
    private static readonly string[] Items = [.. Enumerable.Range(0, 30).Select(i => $"i{i}")];

    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(1.0, 0, 1, 2)]
    [InlineData(0.0, 20)]
    [InlineData(0.0)]
    [InlineData(0.63093, 1)]
    [InlineData(0.91972, 0, 2)]
    [InlineData(0.61315, 0, 25)]
    public void NdcgOf_Chosen_IsTheGainOverTheBest(double ndcg, params int[] chosen)
        => Assert.Equal(ndcg, UserArms.NdcgOf(new ResolvedImpression(Scene.Open(0, "r", "u", 0, Items), chosen)), 5);

    [Fact]
    public void Add_SeventeenArms_TheOldestGivesWay()
    {
        var counts = new UserPolicy();

        for (var i = 0; i < 17; i++)
        {
            Add(counts, $"e{i}", chosen: []);
        }

        Add(counts, "e5", chosen: [0]);
        Assert.Equal(16, counts.Arms.Count);
        Assert.DoesNotContain(counts.Arms, own => own.Arm.Experiment == "e0");
        Assert.Equal(("e5", 2ul, 1ul), (counts.Arms[^1].Arm.Experiment, counts.Arms[^1].Slates, counts.Arms[^1].Clicked));
    }

    [Fact]
    public void Sums_ManyUsersSlateBySlate_AreThoseOfTheirCounts()
    {
        var (random, sums) = (new Random(4), new ArmOutcomes());
        var users = Enumerable.Range(0, 20).Select(_ => new UserPolicy()).ToArray();

        for (var i = 0; i < 500; i++)
        {
            ArmSums.Add(sums, Add(users[random.Next(20)], "e", random.Next(3) == 0 ? [random.Next(10)] : []));
        }

        var all = users.Select(user => user.Arms.Single()).ToList();
        Assert.Equal((20ul, 500ul), (sums.Users, sums.Slates));
        Assert.Equal(all.Sum(own => (double)own.Clicked), sums.Clicked);
        Assert.Equal(all.Sum(own => own.Ndcg), sums.Ndcg, 6);
        Assert.Equal(all.Sum(own => (double)own.Slates * own.Slates), sums.SlatesSlates, 6);
        Assert.Equal(all.Sum(own => (double)own.Slates * own.Clicked), sums.SlatesClicked, 6);
        Assert.Equal(all.Sum(own => (double)own.Clicked * own.Clicked), sums.ClickedClicked, 6);
        Assert.Equal(all.Sum(own => own.Clicked * own.Ndcg), sums.ClickedNdcg, 6);
        Assert.Equal(all.Sum(own => own.Ndcg * own.Ndcg), sums.NdcgNdcg, 6);
    }

    [Fact]
    public void Merge_TwoNamesOfOneUser_AreAddedArmByArm()
    {
        var (one, other) = (new UserPolicy(), new UserPolicy());
        Add(one, "e", [0]);
        Add(other, "e", []);
        Add(other, "f", [1]);

        UserArms.Merge(one, other);

        Assert.Equal([("e", 2ul, 1ul), ("f", 1ul, 1ul)], one.Arms.Select(own => (own.Arm.Experiment, own.Slates, own.Clicked)));
    }

    private static IEnumerable<ArmChange> Add(UserPolicy counts, string experiment, int[] chosen)
    {
        var impression = Scene.Open(0, "r", "u", 0, Items) with
        {
            Arms = [new ExperimentArm { Experiment = experiment, Arm = "control" }],
        };
        return UserArms.Add(counts, new ResolvedImpression(impression, chosen));
    }
}
