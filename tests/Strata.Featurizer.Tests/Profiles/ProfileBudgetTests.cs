using CsCheck;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "unit")]
public sealed class ProfileBudgetTests
{
    private readonly ProfileStep _step = new(new ProfilesOptions());
    private readonly Profile _profile = new();

    [Fact]
    public void Apply_AnyEvents_StaysWithinItsBytes()
        => Gen.Select(Gen.Int, Gen.Int[1, 12], Gen.Int[3, 400]).Sample(
            (seed, idLength, items) =>
            {
                var profile = new Profile();
                var step = new ProfileStep(new ProfilesOptions());
                foreach (var act in RandomActs.Draw(seed, 3_000, items, idLength))
                {
                    step.Apply(profile, act);
                    var sketch = profile.Sketch is { } kept ? 4 + kept.CalculateSize() : 0;
                    Assert.InRange(profile.CalculateSize() - sketch, 1, 2_400 + (4 * 96));
                }
            },
            iter: 10);

    [Fact]
    public void Apply_SameEventsFarBehindInTheLog_ShedsTheSame()
        => Gen.Select(Gen.Int, Gen.Int[1, 12], Gen.Int[3, 400]).Sample(
            (seed, idLength, items) =>
            {
                var (near, far) = (new Profile(), new Profile());
                var step = new ProfileStep(new ProfilesOptions());
                foreach (var act in RandomActs.Draw(seed, 1_000, items, idLength))
                {
                    step.Apply(near, act);
                    step.Apply(far, act with { Offset = act.Offset + 5_000_000_000 });
                }

                ProfileStep.StartLog(near);
                ProfileStep.StartLog(far);
                Assert.Equal(near, far);
            },
            iter: 20);

    [Fact]
    public void Apply_FullProfile_KeepsSomeOfEverything()
    {
        foreach (var act in RandomActs.Draw(7, 3_000, 400))
        {
            _step.Apply(_profile, act);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{_profile.CalculateSize()} bytes: {_profile.Items.Count} items of 12 bytes, {_profile.Queries.Count} queries, "
            + $"{_profile.Terms.Count} terms, {_profile.Seen.Count} ids, {_profile.Dismissed.Count} dismissed");
        Assert.True(_profile.Items.Count >= 40);
        Assert.True(_profile.Queries.Count >= 1);
        Assert.True(_profile.Terms.Count >= 8);
        Assert.True(_profile.Seen.Count >= 16);
    }
}
