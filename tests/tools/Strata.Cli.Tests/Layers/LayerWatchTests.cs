using Strata.Cli.Layers;
using Strata.Contracts.Layers.V1;

namespace Strata.Cli.Tests.Layers;

/// <summary>What <c>strata layers watch</c> says of two looks.</summary>
[Trait("height", "unit")]
public sealed class LayerWatchTests
{
    [Fact]
    public void Look_AtASetThatChanged_SaysWhoWentAndCameAndMoved()
    {
        var watch = new LayerWatch();

        var first = watch.Look(Set(1, (1, .5), (2, .3), (3, .2)));
        var quiet = watch.Look(Set(2, (1, .505), (2, .3), (3, .195)));
        var changed = watch.Look(Set(3, (1, .6), (3, .195), (4, .205)));

        Assert.Equal(["version 1: 3 layers"], first);
        Assert.Empty(quiet);
        Assert.Equal(["version 3: 2 went (w2)", "version 3: 4 came (w4)", "version 3: 1 from 50.5 % to 60.0 % (w1)"], changed);
    }

    private static ListLayersResponse Set(ulong version, params (uint Id, double Share)[] layers)
    {
        var set = new ListLayersResponse { Version = version };
        set.Layers.AddRange(layers.Select(layer => new LayerSummary
        {
            LayerId = layer.Id,
            Share = layer.Share,
            Words = { $"w{layer.Id}" },
        }));
        return set;
    }
}
