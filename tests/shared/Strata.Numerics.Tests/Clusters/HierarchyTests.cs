using System.Text.Json;
using CsCheck;
using Strata.Numerics.Clusters;

namespace Strata.Numerics.Tests.Clusters;

/// <summary>Against scikit-learn's DBSCAN, SciPy's ward and NumPy's svd on hierarchy.json, which hierarchy.py beside it makes.</summary>
[Trait("height", "unit")]
public sealed class HierarchyTests
{
    private const int Dimensions = 16;

    private static readonly JsonElement Expected = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "expected", "hierarchy.json"))).RootElement;

    private static readonly float[] Rows =
    [
        .. Expected.GetProperty("rows").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(x => x.GetSingle()),
    ];

    private static readonly double[] Weights = [.. Expected.GetProperty("weights").EnumerateArray().Select(x => x.GetDouble())];

    [Fact]
    public void Cluster_AnyEpsAndWeight_GivesTheLabelsOfScikitLearn()
        => Assert.All(Expected.GetProperty("dbscan").EnumerateArray(), run => Assert.Equal(
            Integers(run.GetProperty("labels")),
            WeightedDbscan.Cluster(
                Rows, Dimensions, Weights, run.GetProperty("eps").GetDouble(), run.GetProperty("leastWeight").GetDouble())));

    [Fact]
    public void Of_Rows_GivesTheStepsOfSciPy()
    {
        var steps = WardLinkage.Of(Rows, Dimensions).Steps;

        var expected = Expected.GetProperty("ward")
            .EnumerateArray()
            .Select(step => step.EnumerateArray().Select(x => x.GetDouble()).ToArray())
            .ToArray();
        Assert.Equal(
            expected.Select(step => ((int)step[0], (int)step[1], (int)step[3])),
            steps.Select(step => (step.First, step.Second, step.Size)));
        Assert.All(expected.Zip(steps), pair => Assert.Equal(pair.First[2], pair.Second.Height, 1e-6));
    }

    [Fact]
    public void Cut_ByNumberAndByHeight_GivesThePartsOfSciPy()
    {
        var linkage = WardLinkage.Of(Rows, Dimensions);

        Assert.All(
            Expected.GetProperty("cuts").EnumerateObject(),
            cut => Assert.Equal(
                Renumbered(Integers(cut.Value)), linkage.Cut(int.Parse(cut.Name, System.Globalization.CultureInfo.InvariantCulture))));
        Assert.All(Expected.GetProperty("heights").EnumerateObject(), cut => Assert.Equal(
            Renumbered(Integers(cut.Value)), linkage.CutAt(double.Parse(cut.Name, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Plane_OfRows_IsThatOfNumPy()
    {
        var plane = PrincipalPlane.Of(Rows, Dimensions);

        var expected = Expected.GetProperty("plane")
            .EnumerateArray()
            .Select(place => place.EnumerateArray().Select(x => x.GetDouble()).ToArray())
            .ToArray();
        Assert.All(
            expected.Zip(plane.X, plane.Y),
            row => Assert.Equal((0, 0), (Math.Round(row.First[0] - row.Second, 5), Math.Round(row.First[1] - row.Third, 5))));
        Assert.Equal(Expected.GetProperty("explained").GetDouble(), plane.Explained, 1e-6);
    }

    [Fact]
    public void Silhouette_OfCuts_IsThatOfScikitLearn()
        => Assert.All(Expected.GetProperty("silhouette").EnumerateObject(), cut => Assert.Equal(
            cut.Value.GetDouble(), Silhouette.Mean(Rows, Dimensions, Integers(Expected.GetProperty("cuts").GetProperty(cut.Name))), 1e-5));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Plane_RowsInOnePlace_LiesAtZero(int rows)
    {
        var plane = PrincipalPlane.Of(Enumerable.Repeat(.5f, rows * 4).ToArray(), 4);

        Assert.Equal(new double[rows], plane.X);
        Assert.Equal(0, plane.Explained);
    }

    [Fact]
    public void Of_AnyRows_StepsNeverGoDownAndEndInOne() => Gen.Float[-1, 1].Array[3].Array[1, 30].Sample(rows =>
    {
        var linkage = WardLinkage.Of(rows.SelectMany(row => row).ToArray(), 3);

        Assert.Equal(rows.Length - 1, linkage.Steps.Count);
        Assert.Equal(linkage.Steps.Select(step => step.Height).Order(), linkage.Steps.Select(step => step.Height));
        Assert.All(linkage.Cut(1), label => Assert.Equal(0, label));
        Assert.Equal(Enumerable.Range(0, rows.Length), linkage.Cut(rows.Length));
    });

    [Fact]
    public void KneeDistance_TightRowsAndStrayOnes_LiesBetweenTheTwo()
    {
        // Eight rows around each of three axes, and three rows far from all.
        var random = new Random(1);
        var rows = new List<float[]>();
        for (var axis = 0; axis < 3; axis++)
        {
            rows.AddRange(Enumerable.Range(0, 8).Select(_ => Unit(i => (i == axis ? 1 : 0) + (.1f * (random.NextSingle() - .5f)))));
        }

        rows.AddRange(Enumerable.Range(4, 3).Select(axis => Unit(i => i == axis ? 1 : 0)));
        var points = rows.SelectMany(row => row).ToArray();

        var knee = WeightedDbscan.KneeDistance(points, 8, 1);

        Assert.InRange(knee, 1e-5, .1);
        var labels = WeightedDbscan.Cluster(points, 8, [.. rows.Select(_ => 1.0)], .1, 2);
        Assert.Equal([0, 1, 2], labels.Take(24).Distinct());
        Assert.All(labels.Skip(24), label => Assert.Equal(WeightedDbscan.Noise, label));
    }

    [Fact]
    public void KneeDistance_OneRow_IsNothing() => Assert.Equal(0, WeightedDbscan.KneeDistance(new float[] { 1, 0 }, 2, 1));

    private static float[] Unit(Func<int, float> component)
    {
        float[] row = [.. Enumerable.Range(0, 8).Select(component)];
        Assert.True(VectorMath.TryNormalize(row));
        return row;
    }

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetInt32())];

    private static int[] Renumbered(int[] labels)
    {
        var numbers = new Dictionary<int, int>();
        return [.. labels.Select(label => numbers.TryGetValue(label, out var number) ? number : numbers[label] = numbers.Count)];
    }
}
