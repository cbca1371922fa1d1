using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "unit")]
public sealed class ProfileQueriesTests
{
    [Fact]
    public void Apply_QueryWithoutATerm_IsNotRemembered()
    {
        var profile = new Profile();
        var act = new ProfileAct(1, 0, EventKind.Search, 1_700_000_000_000, "", "the", [], new Vector { Scale = 1 });

        new ProfileStep(new ProfilesOptions()).Apply(profile, act);

        Assert.Empty(profile.Queries);
        Assert.Equal(act.TimeUnixMs, profile.LastEventUnixMs);
    }
}
