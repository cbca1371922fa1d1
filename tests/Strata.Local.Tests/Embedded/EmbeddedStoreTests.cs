using Garnet.common;
using Strata.Local.Embedded;

namespace Strata.Local.Tests.Embedded;

[Trait("height", "embedded")]
public sealed class EmbeddedStoreTests
{
    [Fact]
    public void Start_Twice_TakesTwoPorts()
    {
        using var first = EmbeddedStore.Start();
        using var second = EmbeddedStore.Start();

        Assert.NotEqual(first.Port, second.Port);
    }

    [Fact]
    public void Start_OnAPortThatIsTaken_SaysSo()
    {
        using var first = EmbeddedStore.Start();

        var fault = Assert.Throws<GarnetException>(() => EmbeddedStore.Start(port: first.Port));

        Assert.Contains($"{first.Port}", fault.Message, StringComparison.Ordinal);
    }
}
