using Strata.Cli.Rebuild;
using Strata.Contracts;

namespace Strata.Cli.Tests.Rebuild;

[Trait("height", "unit")]
public sealed class StateKindTests
{
    [Fact]
    public void All_KindThatArmsAreSummedOf_FindsTheirKeysAndPartitions()
    {
        var kind = Assert.Single(StateKind.All, kind => kind.SumsPrefix.Length > 0);
        var key = Keys.ArmOutcomes("layers", "one-interest-2", partition: 11);

        Assert.Equal(("optimizer", Keys.UserPolicy("ann")), (kind.Service, kind.KeyOf("ann")));
        Assert.StartsWith(kind.SumsPrefix, key, StringComparison.Ordinal);
        Assert.Equal(11, StateKind.PartitionOfSums(key));
        Assert.Equal(-1, StateKind.PartitionOfSums("experiment:layers:control:x"));
    }
}
