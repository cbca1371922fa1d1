using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using SkiaSharp;

namespace Strata.Featurizer.Tests.Pictures;

/// <summary>Pictures as files, good and hostile.</summary>
internal static class PictureFiles
{
    public static byte[] Checked(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "expected", file));

    /// <summary>A picture whose four quarters have a colour each: top left, top right, bottom left, bottom right.</summary>
    public static byte[] Quarters(SKEncodedImageFormat format, int side, params SKColor[] colours)
    {
        using var bitmap = new SKBitmap(side, side);
        using var canvas = new SKCanvas(bitmap);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            using var paint = new SKPaint { Color = colours[quarter % colours.Length], BlendMode = SKBlendMode.Src };
            var half = Math.Max(1, side / 2);
            canvas.DrawRect(SKRect.Create(quarter % 2 * half, quarter / 2 * half, half, half), paint);
        }

        canvas.Flush();
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    /// <summary>A JPEG with an EXIF orientation, 1 to 8, right behind its first marker.</summary>
    public static byte[] Oriented(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>A PNG by hand.</summary>
    /// <param name="width">Width that its header says.</param>
    /// <param name="height">Height that its header says.</param>
    /// <param name="depth">Bits of a sample.</param>
    /// <param name="type">2: RGB, 3: palette.</param>
    /// <param name="rows">What its rows hold, each behind a filter byte; may be fewer than the header says.</param>
    public static byte[] Png(int width, int height, byte depth, byte type, byte[] rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, type);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        byte[] palette = type == 3 ? Chunk("PLTE", [255, 0, 0, 0, 0, 255]) : [];
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", header), .. palette, .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>Red in 16 bits a sample.</summary>
    public static byte[] Sixteen()
    {
        byte[] row = [0, .. Enumerable.Repeat((byte[])[255, 255, 0, 0, 0, 0], 8).SelectMany(pixel => pixel)];
        return Png(8, 8, 16, 2, [.. Enumerable.Repeat(row, 8).SelectMany(bytes => bytes)]);
    }

    /// <summary>Red by a palette.</summary>
    public static byte[] Palette() => Png(8, 8, 8, 3, new byte[8 * 9]);

    /// <summary>Files that say they are enormous, in each format.</summary>
    public static IReadOnlyList<byte[]> Bombs(byte[] jpeg)
    {
        var large = (byte[])jpeg.Clone();
        var frame = large.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        large.AsSpan(frame + 5, 4).Fill(0xFF);
        return
        [
            Png(50_000, 50_000, 8, 2, new byte[100_000]),
            Png(1, 2_000_000_000, 8, 2, new byte[100]),
            [
                .. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
                0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 2, 1, 0, 0,
            ],
            [.. "RIFF"u8, 30, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
            large,
        ];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        var length = new byte[4];
        var sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.HashToUInt32(body));
        return [.. length, .. body, .. sum];
    }
}
