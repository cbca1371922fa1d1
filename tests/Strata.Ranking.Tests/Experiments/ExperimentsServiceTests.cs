using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Experiments;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Slates;
using Strata.Ranking.Tests.Serving;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Topology;

namespace Strata.Ranking.Tests.Experiments;

[Trait("height", "harness")]
public sealed class ExperimentsServiceTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task ListExperiments_CountsOfTwoPartitions_AreOneReport()
    {
        Put("control", 0, users: 60, slates: 1000, clicked: 200, ndcg: 100, 1, 2, 3);
        Put("control", 3, users: 40, slates: 1000, clicked: 200, ndcg: 100, 3, 4);
        Put("bold", 1, users: 100, slates: 2000, clicked: 600, ndcg: 310, 5);
        Put("small", 2, users: 49, slates: 100, clicked: 60, ndcg: 60);

        var result = Assert.Single((await ListAsync()).Experiments);

        var (control, bold, small) = (result.Arms[0], result.Arms[1], result.Arms[2]);
        Assert.Equal(("e", "control"), (result.Name, result.Baseline));
        Assert.Equal(["control", "bold", "small"], result.Arms.Select(arm => arm.Name));
        Assert.Equal((100ul, 2000ul, 400ul, .2, .5), (
            control.Users, control.Slates, control.Clicked, control.ClickRate.Value, control.Ndcg.Value));
        Assert.Equal((4, 4.0 / 40), (control.ItemsShown, control.Coverage), (one, two) =>
            Math.Abs(one.Item1 - two.Item1) < .02 && Math.Abs(one.Item2 - two.Item2) < .001);
        Assert.Equal((.5, .3), (control.Share, bold.Share));
        Assert.Equal((World.NowMs, World.NowMs + 3), (control.FirstUnixMs, control.LastUnixMs));
        Assert.Null(control.ClickRate.Difference);
        var difference = bold.ClickRate.Difference;
        Assert.Equal(.1, difference.Value, 9);
        Assert.True(difference is { Decided: true, Low: > 0 } && difference.High > difference.Value);
        Assert.False(bold.Ndcg.Difference.Decided);
        Assert.True(bold.Ndcg.Difference is { Low: < 0, High: > 0 });

        // 49 users are too few to tell by.
        Assert.Null(small.ClickRate.Difference);
        Assert.Equal(.6, small.ClickRate.Value, 9);
    }

    [Fact]
    public async Task ListExperiments_NothingCountedAndAValueThatCannotBeRead_IsEmptyArms()
    {
        _services.Store.Values[Keys.ArmOutcomes("e", "bold", 0)] = [1, 2, 3];

        var result = Assert.Single((await ListAsync()).Experiments);

        Assert.All(result.Arms, arm => Assert.Equal((0ul, 0.0, 0.0, null), (
            arm.Users, arm.ClickRate.Value, arm.ItemsShown, arm.ClickRate.Difference)));
    }

    private Task<ListExperimentsResponse> ListAsync()
    {
        var usual = new ServingArm(_services.World.Recommender, new SlateOptions(), []);
        var experiment = new Experiment("e", "salt", "control", [
            new ExperimentShare("bold", .3, null!), new ExperimentShare("control", .5, null!), new ExperimentShare("small", .2, null!)]);
        var arms = new ServingArms(usual, [experiment], (_, _) => usual);
        var service = new ExperimentsService(arms, _services.Users, _services.World.Catalogue, new FourPartitions(), _services.Clock);
        return service.ListExperiments(new ListExperimentsRequest(), new ServiceWorld.Call());
    }

    // Users who are all alike but for chance: what their products sum up to is what independent slates have.
    private void Put(string arm, int partition, int users, int slates, int clicked, double ndcg, params int[] items)
    {
        var (each, rate, gain) = ((double)slates / users, (double)clicked / slates, ndcg / clicked);
        var counts = new ArmOutcomes
        {
            Arm = new ExperimentArm { Experiment = "e", Arm = arm },
            Users = (ulong)users,
            Slates = (ulong)slates,
            Clicked = (ulong)clicked,
            Ndcg = ndcg,
            SlatesSlates = slates * each,
            SlatesClicked = clicked * each,
            ClickedClicked = (clicked * each * rate) + (slates * rate * (1 - rate)),
            FirstUnixMs = World.NowMs + partition,
            LastUnixMs = World.NowMs + partition,
        };
        counts.ClickedNdcg = counts.ClickedClicked * gain;
        counts.NdcgNdcg = (counts.ClickedClicked * gain * gain) + (clicked * .1);
        var sketch = new byte[DistinctCount.Registers];
        foreach (var item in items)
        {
            DistinctCount.Add(sketch, (ulong)item * 0x9E3779B97F4A7C15);
        }

        counts.Items = Google.Protobuf.ByteString.CopyFrom(sketch);
        _services.Store.Values[Keys.ArmOutcomes("e", arm, partition)] = FencedValue.Encode([new Fence(7, 9)], counts);
    }

    private sealed class FourPartitions : ITopics
    {
        public ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(4);

        public ValueTask<ulong> LogAsync(string topic, int partition, CancellationToken cancellationToken) => ValueTask.FromResult(1ul);
    }
}
