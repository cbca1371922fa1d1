using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using SkiaSharp;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Pictures;
using Strata.Featurizer.Pictures.Core;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Numerics;
using Strata.Testing;

namespace Strata.Featurizer.Tests.Pictures;

[Trait("height", "harness")]
public sealed class PictureEncoderTests(ITestOutputHelper output)
{
    private static readonly ByteString Red = Picture(SKColors.Red);
    private static readonly ByteString Blue = Picture(SKColors.Blue);

    [Fact]
    public async Task Dispose_Twice_WaitsForNobody()
    {
        var encoder = Encoder(new PicturesOptions());

        await Task.Run(
            () =>
            {
                encoder.Dispose();
                encoder.Dispose();
            },
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task EncodeAsync_NoPictureThatCanBeUsed_LoadsNoModel()
    {
        using var encoder = Encoder(new PicturesOptions());

        var none = await encoder.EncodeAsync([], TestContext.Current.CancellationToken);
        var wrong = await encoder.EncodeAsync([ByteString.CopyFromUtf8("no picture")], TestContext.Current.CancellationToken);

        Assert.Equal((null, PictureFault.None), none);
        Assert.Equal((null, PictureFault.Format), wrong);
        Assert.False(encoder.IsLoaded);
        await encoder.EncodeAsync([Red], TestContext.Current.CancellationToken);
        Assert.True(encoder.IsLoaded);
    }

    [Fact]
    public async Task EncodeAsync_SwitchedOff_LooksAtNone()
    {
        using var encoder = Encoder(new PicturesOptions { Enabled = false });

        Assert.Equal((null, PictureFault.None), await encoder.EncodeAsync([Red], TestContext.Current.CancellationToken));
        Assert.False(encoder.IsLoaded);
    }

    [Fact]
    public async Task EncodeAsync_SeveralPictures_IsTheMeanOfThoseThatCanBeUsed()
    {
        var encoder = TestEncoders.Pictures;
        var red = (await encoder.EncodeAsync([Red], TestContext.Current.CancellationToken)).Vector!;
        var blue = (await encoder.EncodeAsync([Blue], TestContext.Current.CancellationToken)).Vector!;

        var (both, fault) = await encoder.EncodeAsync(
            [Red, ByteString.CopyFromUtf8("no picture"), Blue], TestContext.Current.CancellationToken);

        Assert.Equal(PictureFault.Format, fault);
        Assert.Equal(Vectors.Mean([red, blue]), both);
        Assert.NotEqual(red, blue);
    }

    [Fact]
    public async Task EncodeAsync_SideBySide_GivesThePicturesOwnVectors()
    {
        var alone = (await TestEncoders.Pictures.EncodeAsync([Red], TestContext.Current.CancellationToken)).Vector;

        var together = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => TestEncoders.Pictures.EncodeAsync([i % 2 == 0 ? Red : Blue], TestContext.Current.CancellationToken).AsTask()));

        Assert.All(together.Where((_, i) => i % 2 == 0), answer => Assert.Equal(alone, answer.Vector));
    }

    /// <summary>The products of eShop: how often the nearest picture is of the same of eight types; chance finds .13.</summary>
    [Fact]
    public async Task EncodeAsync_PicturesOfAShop_LieBesideThoseOfTheirType()
    {
        var folder = Path.Combine(SharedFolder.Find() ?? "", "data", "eshop_catalog");
        Assert.SkipUnless(Directory.Exists(folder), "the folder shared/data/eshop_catalog is not there");
        var products = File.ReadLines(Path.Combine(folder, "items.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var types = products.Select(product => product.GetProperty("categories")[0].GetString()!).ToArray();
        var vectors = await Task.WhenAll(products.Select(async product =>
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, product.GetProperty("picture").GetString()!));
            return Vectors.ToUnit((await TestEncoders.Pictures.EncodeAsync([ByteString.CopyFrom(bytes)], default)).Vector!);
        }));

        var same = Enumerable.Range(0, vectors.Length).Count(i => types[i] == types[
            Enumerable.Range(0, vectors.Length).Where(j => j != i).MaxBy(j => VectorMath.Dot(vectors[i], vectors[j]))]);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(double)same / vectors.Length:F3} of {vectors.Length}"));
        Assert.InRange((double)same / vectors.Length, .8, 1);
    }

    private static PictureEncoder Encoder(PicturesOptions options)
        => new(Options.Create(options), new PicturesMetrics(TestEncoders.Meters));

    private static ByteString Picture(SKColor colour) => ByteString.CopyFrom(PictureFiles.Quarters(SKEncodedImageFormat.Png, 64, colour));
}
