namespace Strata.RankingModel.Tests;

[Trait("height", "unit")]
public sealed class PriorTests
{
    [Fact]
    public void Shipped_File_NamesItsDataAndItsCommandAndLeavesEachSetOutOnce()
    {
        var file = PriorFile.Shipped;

        Assert.StartsWith("strata evaluate prior --set ", file.Command, StringComparison.Ordinal);
        Assert.Equal(FeatureSchema.Version, file.Schema);
        Assert.InRange(file.Strength, 1, 10_000);
        Assert.All(file.Sets, set => Assert.Contains($"--set {set.Name}=", file.Command, StringComparison.Ordinal));
        Assert.Equal(["", .. file.Sets.Select(set => set.Name)], file.Models.Select(model => model.Without));
    }

    [Fact]
    public void Prior_OfASetThatItWasLearnedFrom_IsLearnedWithoutIt()
    {
        var file = PriorFile.Shipped;

        Assert.All(file.Sets, set => Assert.NotEqual(file.Prior().Weights[0], file.Prior(set.Events).Weights[0]));
        Assert.Same(file.Prior(), file.Prior("0123456789abcdef"));
    }

    [Fact]
    public void Prior_SearchingContext_GoesByTheQueryAlone()
    {
        var weights = Prior.Shipped.Weights[Contexts.Searching + 1];

        Assert.InRange(weights[FeatureSchema.Search], 0.5, 10);
        Assert.All(weights.Where((_, feature) => feature != FeatureSchema.Search), weight => Assert.Equal(0, weight, 1e-6));
    }

    [Fact]
    public void Write_File_ReadsAsItself()
    {
        var again = PriorFile.Parse(PriorFile.Shipped.Write());

        Assert.Equal(PriorFile.Shipped.Prior().Weights, again.Prior().Weights);
        Assert.Equal(PriorFile.Shipped.Prior().Curvature, again.Prior().Curvature);
    }

    [Fact]
    public void Prior_FileWithoutAFeature_IsRefused()
    {
        var model = PriorFile.Shipped.Models[0];
        var cut = PriorFile.Shipped with { Models = [model with { Features = model.Features.Skip(1).ToDictionary() }] };

        Assert.Throws<InvalidDataException>(() => cut.Prior());
    }
}
