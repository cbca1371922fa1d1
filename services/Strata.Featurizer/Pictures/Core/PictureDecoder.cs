using SkiaSharp;

namespace Strata.Featurizer.Pictures.Core;

/// <summary>
/// From the bytes of a picture to the square that an encoder sees: upright by its EXIF orientation, its middle cut out, scaled, transparent
/// parts white. What a picture costs is known from its header before a pixel is decoded. Pure.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>The square's pixels as RGBA bytes, row by row; null with the reason when the picture cannot be used.</summary>
    /// <param name="bytes">A JPEG, PNG, WebP, or GIF, of which the first frame counts.</param>
    /// <param name="side">Pixels of a side of the square.</param>
    /// <param name="mostPixels">More are not decoded; each takes four bytes meanwhile.</param>
    /// <param name="fault">Why it cannot be used.</param>
    public static byte[]? Decode(ReadOnlySpan<byte> bytes, int side, long mostPixels, out PictureFault fault)
    {
        fault = PictureFault.Format;
        if (!IsKnown(bytes))
        {
            return null;
        }

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.Info.Width < 1 || codec.Info.Height < 1)
        {
            return null;
        }

        if ((long)codec.Info.Width * codec.Info.Height > mostPixels)
        {
            fault = PictureFault.Pixels;
            return null;
        }

        using var picture = new SKBitmap();
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        if (!picture.TryAllocPixels(info) || codec.GetPixels(info, picture.GetPixels()) != SKCodecResult.Success)
        {
            fault = PictureFault.Damaged;
            return null;
        }

        fault = PictureFault.None;
        return Square(picture, codec.EncodedOrigin, side);
    }

    // A decoder is only asked about what begins as one of its own files does: others (SVG, icons, raw) are never parsed.
    private static bool IsKnown(ReadOnlySpan<byte> bytes)
        => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            || bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])
            || bytes.StartsWith("GIF87a"u8)
            || bytes.StartsWith("GIF89a"u8)
            || (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8));

    private static byte[] Square(SKBitmap picture, SKEncodedOrigin origin, int side)
    {
        var info = new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var square = new SKBitmap(info);
        using var canvas = new SKCanvas(square);
        canvas.Clear(SKColors.White);

        // About the middle: turn, scale so that the shorter side fills the square, and let the rest hang over.
        var scale = (float)side / Math.Min(picture.Width, picture.Height);
        canvas.Translate(side / 2f, side / 2f);
        canvas.Concat(Upright(origin));
        canvas.Scale(scale);
        canvas.Translate(picture.Width / -2f, picture.Height / -2f);
        using var image = SKImage.FromBitmap(picture);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        canvas.Flush();
        return square.GetPixelSpan().ToArray();
    }

    // EXIF's eight orientations: columns of where the stored x and y axes point.
    private static SKMatrix Upright(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => Axes(-1, 0, 0, 1),
        SKEncodedOrigin.BottomRight => Axes(-1, 0, 0, -1),
        SKEncodedOrigin.BottomLeft => Axes(1, 0, 0, -1),
        SKEncodedOrigin.LeftTop => Axes(0, 1, 1, 0),
        SKEncodedOrigin.RightTop => Axes(0, 1, -1, 0),
        SKEncodedOrigin.RightBottom => Axes(0, -1, -1, 0),
        SKEncodedOrigin.LeftBottom => Axes(0, -1, 1, 0),
        _ => SKMatrix.Identity,
    };

    private static SKMatrix Axes(float xx, float xy, float yx, float yy) => new(xx, yx, 0, xy, yy, 0, 0, 0, 1);
}
