using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

[Trait("height", "harness")]
public sealed class ArmOutcomesStoreTests
{
    [Fact]
    public async Task Count_StoreDiesBetweenArmsAndUsers_BothAreCounted()
    {
        var store = new InMemoryStateStore();
        var dying = new InterleavingStore(store) { LosesWhatNothingSeals = true };
        var counts = new UserPolicyStore(dying, ForgottenMarksOver.Store(dying), new InMemoryLog(), new OutcomesOptions(), 3);

        for (var offset = 0; offset < 2; offset++)
        {
            var slate = Scene.Open(offset, $"r{offset}", "u", offset, "a", "b") with
            {
                Arms = [new ExperimentArm { Experiment = "layers", Arm = "control" }],
            };
            await counts.CountAsync(
                [new ResolvedImpression(slate, [1])],
                [],
                new Dictionary<string, Forgotten>(),
                new Dictionary<string, ulong> { [Topics.Impressions] = 11 },
                sentTo: 0,
                [KeyValuePair.Create("position", new Fence(11, offset + 1))],
                TestContext.Current.CancellationToken);
        }

        var user = UserPolicy.Parser.ParseFrom(FencedValue.Payload(store.Values[Keys.UserPolicy("u")]).Span);
        var sums = ArmOutcomes.Parser.ParseFrom(
            FencedValue.Payload(store.Values[Keys.ArmOutcomes("layers", "control", partition: 3)]).Span);
        Assert.Equal(2u, Assert.Single(user.Arms).Slates);
        Assert.Equal((1ul, 2ul, 2ul), (sums.Users, sums.Slates, sums.Clicked));
    }
}
