using Strata.Clustering.Layers;

namespace Strata.Clustering.Tests.Layers;

[Trait("height", "unit")]
public sealed class LineageTests
{
    [Fact]
    public void With_HeirsThatGoThemselves_PointsToTheLiving()
    {
        var lineage = Lineage.Empty.With(1, (3u, .25f), (4u, .75f)).With(4, (5u, .5f), (3u, .5f));

        Assert.Equal([new Heir(1, 3, .625f), new Heir(1, 5, .375f)], lineage.HeirsOf(1).OrderBy(heir => heir.Live));
        Assert.Equal([new Heir(4, 5, .5f), new Heir(4, 3, .5f)], lineage.HeirsOf(4));
        Assert.Empty(lineage.HeirsOf(3));
    }

    [Fact]
    public void With_ManyMoves_StaysBoundedAndSharesSumToOne()
    {
        var lineage = Lineage.Empty;
        for (var id = 1u; id < 6000; id++)
        {
            lineage = lineage.With(id, (id + 10, .3f), (id + 20, .7f));
            Assert.True(lineage.Rows.Count <= Lineage.Limit);
        }

        Assert.All(lineage.Rows.GroupBy(row => row.Gone), group => Assert.Equal(1, group.Sum(row => row.Share), 1e-3));
        Assert.All(lineage.Rows, row => Assert.InRange(row.Live, 6000u, 6020u));
    }
}
