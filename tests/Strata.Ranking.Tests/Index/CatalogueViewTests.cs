using CsCheck;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Tests.Index;

[Trait("height", "unit")]
public sealed class CatalogueViewTests
{
    [Fact]
    public void View_CatalogueMovesOnAndIsPublished_StaysAsItWas()
    {
        var world = new World().Item("a", [1, 0], terms: "red").Item("b", [0, 1], terms: "blue")
            .With(World.Activity("a", popularity: 5)).With(World.Activity("b", popularity: 1))
            .With(World.LayerSet(1, [], (1, [1, 0], 1), (2, [0, 1], 1))).Published();
        var view = world.View;
        var before = Describe(view);

        world.Item("a", [0, 1], createdMs: World.NowMs + 1, title: "Another", terms: "blue")
            .With(World.Activity("a", popularity: 50)).With(World.Activity("b", popularity: 70)).Item("c", [1, 0]);
        world.Catalogue.Remove("b");
        world.With(World.LayerSet(2, [], (2, [1, 0], 1), (3, [0, 1], 1))).Published();

        Assert.Equal(before, Describe(view));
        Assert.NotEqual(before, Describe(world.View));
    }

    [Fact]
    public void Column_AnyWritesAndFreezes_FrozenOnesKeepWhatWasWrittenBefore()
        => Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 9]).Array[1, 200].Sample(writes =>
        {
            var column = new Column<int>(-1);
            var now = Enumerable.Repeat(-1, 2001).ToArray();
            var frozen = new List<(Column<int> Column, int[] Values)>();
            foreach (var (index, value) in writes)
            {
                column.Set(index, value);
                now[index] = value;
                if (value < 3)
                {
                    frozen.Add((column.Freeze(), [.. now]));
                }
            }

            frozen.Add((column, now));
            Assert.All(frozen, pair => Assert.Equal(pair.Values, Enumerable.Range(0, 2001).Select(i => pair.Column[i])));
        }, iter: 200);

    private static string Describe(CatalogueView view)
        => string.Join('\n', Enumerable.Range(0, view.Count).Select(item => string.Join(' ', (object?[])[
            view.Items.Ids[item],
            view.Items.Features[item]?.Title,
            view.IsAlive(item, World.NowMs),
            view.Items.Activity[item].Popularity(HalfLives.Ever, World.NowMs),
            view.Items.WeekKeys[item],
            view.Vectors.RowOf(item) is >= 0 and var row ? $"{row} is {view.Vectors.ItemOf(row)}" : "no row",
            view.Layers.IdOf(view.Assignment.SlotOf(item)),
            view.Assignment.PopularityShare(item, view.Items.Activity[item])])))
            + $"\n{view.IndexOf("c")} {view.Vectors.Rows} {view.Terms.Idf("red")} {view.Terms.Idf("blue")}";
}
