using SkiaSharp;
using Strata.Featurizer.Pictures;
using Strata.Featurizer.Pictures.Core;

namespace Strata.Featurizer.Tests.Pictures;

[Trait("height", "unit")]
public sealed class PictureDecoderTests
{
    private const int Side = 32;
    private const long MostPixels = 16_777_216;

    // Quarters of what is seen, by the EXIF specification, of red, green / blue, white as it is stored.
    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void Decode_ExifOrientation_IsUpright(byte orientation, string expected)
    {
        var stored = PictureFiles.Quarters(SKEncodedImageFormat.Jpeg, 64, SKColors.Red, SKColors.Lime, SKColors.Blue, SKColors.White);

        var pixels = Decode(PictureFiles.Oriented(stored, orientation));

        Assert.Equal(expected, string.Concat(new[] { (8, 8), (24, 8), (8, 24), (24, 24) }.Select(place => Colour(pixels, place))));
    }

    public static TheoryData<string, byte[]> Reds => new()
    {
        { "jpeg", PictureFiles.Quarters(SKEncodedImageFormat.Jpeg, 64, SKColors.Red) },
        { "png", PictureFiles.Quarters(SKEncodedImageFormat.Png, 64, SKColors.Red) },
        { "webp", PictureFiles.Quarters(SKEncodedImageFormat.Webp, 64, SKColors.Red) },
        { "one pixel", PictureFiles.Quarters(SKEncodedImageFormat.Png, 1, SKColors.Red) },
        { "16 bits", PictureFiles.Sixteen() },
        { "palette", PictureFiles.Palette() },
        { "CMYK", PictureFiles.Checked("cmyk.jpg") },
        { "animated gif", PictureFiles.Checked("animated.gif") },
        { "animated webp", PictureFiles.Checked("animated.webp") },
    };

    [Theory]
    [MemberData(nameof(Reds))]
    public void Decode_AnyFormat_GivesTheFirstFrameInItsColours(string format, byte[] bytes)
    {
        var pixels = Decode(bytes);

        Assert.True(Colour(pixels, (16, 16)) == 'R', format);
    }

    [Fact]
    public void Decode_Transparent_IsWhite()
        => Assert.Equal('W', Colour(Decode(PictureFiles.Quarters(SKEncodedImageFormat.Png, 64, SKColors.Transparent)), (16, 16)));

    [Fact]
    public void Decode_Wide_ShowsItsMiddle()
    {
        using var bitmap = new SKBitmap(96, 32);
        bitmap.Erase(SKColors.Blue);
        bitmap.Erase(SKColors.Red, SKRectI.Create(32, 0, 32, 32));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        var pixels = Decode(data.ToArray());

        Assert.Equal("RR", $"{Colour(pixels, (2, 16))}{Colour(pixels, (29, 16))}");
    }

    [Fact]
    public void Of_Pixels_GivesPlanesInTheOrderOfTheChannels()
    {
        byte[] pixels = [255, 0, 51, 255, 0, 102, 0, 255];

        var rgb = PictureTensor.Of(pixels, "RGB", [55, 2, 1], [100, 50, 2]);
        var bgr = PictureTensor.Of(pixels, "BGR", [55, 2, 1], [100, 50, 2]);

        Assert.Equal([2, -.55f, -.04f, 2, 25, -.5f], rgb.Select(value => MathF.Round(value, 4)));
        Assert.Equal([.. rgb[4..6], .. rgb[2..4], .. rgb[0..2]], bgr);
    }

    // The numbers of ResNetPreprocess.onnx, which the model's package has beside it, for a red pixel of 255.
    [Fact]
    public void Of_DefaultOptions_GivesWhatTheModelsOwnPreprocessingGives()
    {
        var options = new PicturesOptions();

        var tensor = PictureTensor.Of(
            [255, 0, 0, 255],
            options.Channels,
            [options.MeanRed, options.MeanGreen, options.MeanBlue],
            [options.DeviationRed, options.DeviationGreen, options.DeviationBlue]);

        Assert.Equal([-114.4211f, -123.8862f, 129.8979f], tensor);
    }

    private static byte[] Decode(byte[] bytes)
    {
        var pixels = PictureDecoder.Decode(bytes, Side, MostPixels, out var fault);
        Assert.Equal(PictureFault.None, fault);
        Assert.Equal(Side * Side * 4, pixels!.Length);
        return pixels;
    }

    private static char Colour(byte[] pixels, (int X, int Y) place)
    {
        var at = ((place.Y * Side) + place.X) * 4;
        return (pixels[at] > 200, pixels[at + 1] > 200, pixels[at + 2] > 200) switch
        {
            (true, true, true) => 'W',
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            _ => '?',
        };
    }
}
