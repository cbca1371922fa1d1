using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Slates;

[Trait("height", "unit")]
public sealed class VariantTests
{
    private static readonly string[] Colours = ["red", "blue", "green", "black", "white"];

    [Theory]
    [InlineData("Trail Shoe red 42", "Trail shoe blue 43", true)]
    [InlineData("UGG Women's Scuffette II Slipper, Chestnut, 10", "UGG Women's Scuffette II Slipper, Chestnut, 7.5", true)]
    [InlineData("Cotton Shirt, white, XL", "Cotton Shirt, navy, M", true)]
    [InlineData("Pantry Jar 500ml", "Pantry Jar 1,5l", true)]
    [InlineData("Trail Shoe red 42", "Trail Boot red 42", false)]
    [InlineData("Green Regency Teacup", "Pink Regency Teacup", false)]
    [InlineData("Door Sign 1", "Door Sign 2", false)]
    [InlineData("Small Babushka Notebook", "Large Babushka Notebook", false)]
    [InlineData("Victorian Sewing Box Small", "Victorian Sewing Box Large", false)]
    [InlineData("42", "43", false)]
    public void Of_TwoTitles_AreVariantsWhenOnlySizeAndColourDiffer(string one, string other, bool variants)
    {
        var (a, b) = (VariantKey.Of(new ItemFeatures { Title = one }), VariantKey.Of(new ItemFeatures { Title = other }));

        Assert.Equal(variants, a is not null && a == b);
    }

    [Fact]
    public void Of_Group_OverrulesTheTitle()
    {
        var (a, b) = (new ItemFeatures { Title = "Shoe red 42", Group = "1" }, new ItemFeatures { Title = "Shoe red 43", Group = "2" });

        Assert.NotEqual(VariantKey.Of(a), VariantKey.Of(b));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Build_ShoeInFortyVariants_HasTwoPlaces(bool grouped)
    {
        var world = Shop(grouped);

        var slate = Slate(world, World.Profile("other-0"), 10);

        Assert.Equal(2, slate.Count(id => id.StartsWith("shoe", StringComparison.Ordinal)));
        Assert.Equal(10, slate.Length);
    }

    [Fact]
    public void Build_NothingButVariants_FillsTheSlate()
    {
        var world = new World();
        for (var n = 0; n < 12; n++)
        {
            world.Variant($"shoe-{n}", "shoe", [1, 0.01f * n]);
        }

        Assert.Equal(10, Slate(world.Published(), new Profile(), 10).Length);
    }

    [Theory]
    [InlineData(EventKind.Purchase)]
    [InlineData(EventKind.Dismiss)]
    public void Build_OneWasBoughtOrDismissed_NoneForTheStatedTime(EventKind kind)
    {
        var world = Shop(grouped: false);
        var profile = World.Profile("shoe-red-3", "other-0");
        profile.Items[0].Kinds = 1u << (int)kind;

        Assert.DoesNotContain(Slate(world, profile, 10), id => id.StartsWith("shoe", StringComparison.Ordinal));
        profile.Items[0].LastUnixMs -= (long)CandidateFilters.VariantPause.TotalMilliseconds;
        Assert.Contains(Slate(world, profile, 10), id => id.StartsWith("shoe", StringComparison.Ordinal));
    }

    // One shoe in five colours and eight sizes, much like what the user has, and twenty other things.
    private static World Shop(bool grouped)
    {
        var world = new World();
        foreach (var colour in Colours)
        {
            for (var size = 0; size < 8; size++)
            {
                var (id, vector) = ($"shoe-{colour}-{size}", new[] { 1, 0.01f * size, 0 });
                _ = grouped ? world.Variant(id, "shoe", vector) : world.Item(id, vector, title: $"Trail Shoe {colour} {40 + size}");
            }
        }

        for (var n = 0; n < 20; n++)
        {
            world.Item($"other-{n}", [0.8f, 0.3f, 0.05f * n]);
        }

        return world.Published();
    }

    private static string[] Slate(World world, Profile profile, int count)
    {
        using var request = world.Rank(profile);
        var layers = LayerDistribution.For(
            request.View, request.History, request.User, world.Policies.Current, new SlateOptions(), request.NowMs);
        return
        [
            .. SlateBuilder.Build(request, layers, count, 0, World.Slates(), new Random(1))
                .Select(placed => world.View.Items.Ids[placed.Item]),
        ];
    }
}
