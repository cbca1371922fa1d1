using Strata.Cli.Layers;
using Strata.Evaluator.Layers;

namespace Strata.Cli.Tests.Layers;

[Trait("height", "unit")]
public sealed class TuneTests
{
    [Fact]
    public void Range_FromTo_HasBothEndsAndTheDefault() => Assert.Equal([8, 11, 16, 23, 29, 32, 40], LayersTuning.Range(8, 40, 29));

    [Fact]
    public void Range_DefaultAndEndBesideSteps_TakeTheirPlaces()
        => Assert.Equal([7, 10, 14, 20, 29, 40, 56, 79, 116], LayersTuning.Range(7, 116, 29));

    [Fact]
    public void Range_DefaultOutside_IsLeftOut() => Assert.Equal([2, 3, 4], LayersTuning.Range(2, 4, 29));

    [Fact]
    public void Write_AReport_IsAPicture()
    {
        var file = new FileInfo(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.png"));
        var report = new TuningReport
        {
            Items = "items.csv",
            Count = 100,
            Default = 10,
            Seed = 1,
            Rows =
            [
                new TuningRow(5, .1, .8, 1, 20, 40, 0),
                new TuningRow(10, .2, .9, 1, 10, 20, 0),
                new TuningRow(20, .15, .7, 1, 5, 10, 1),
            ],
        };

        TunePlot.Write(file, report);

        var bytes = File.ReadAllBytes(file.FullName);
        file.Delete();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        Assert.True(bytes.Length > 5_000);
    }
}
