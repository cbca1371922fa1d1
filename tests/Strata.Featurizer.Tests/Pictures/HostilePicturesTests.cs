using System.Text;
using SkiaSharp;
using Strata.Featurizer.Pictures.Core;

namespace Strata.Featurizer.Tests.Pictures;

/// <summary>Three hundred files that are no honest pictures: each is answered or refused with a reason, in bounded memory.</summary>
/// <remarks>Alone: the memory it watches is that of the whole process.</remarks>
[Collection(nameof(HostilePicturesTests))]
[CollectionDefinition(nameof(HostilePicturesTests), DisableParallelization = true)]
[Trait("height", "unit")]
public sealed class HostilePicturesTests(ITestOutputHelper output)
{
    private const long MostPixels = 16_777_216;
    private const long MostMemory = 200L << 20;

    private static readonly byte[] Jpeg = Good(SKEncodedImageFormat.Jpeg);
    private static readonly byte[][] Goods =
    [
        Jpeg, Good(SKEncodedImageFormat.Png), Good(SKEncodedImageFormat.Webp), PictureFiles.Checked("animated.gif"),
        PictureFiles.Checked("animated.webp"), PictureFiles.Checked("cmyk.jpg"), PictureFiles.Sixteen(), PictureFiles.Palette(),
    ];

    [Fact]
    public void Decode_ThreeHundredHostileFiles_AnswersOrRefusesEach()
    {
        var chance = new Random(21);
        var files = Files(chance).Take(300).ToList();
        var before = Environment.WorkingSet;
        var most = 0L;
        var tally = new Dictionary<string, int>();
        foreach (var (kind, bytes) in files)
        {
            var pixels = PictureDecoder.Decode(bytes, 224, MostPixels, out var fault);

            Assert.Equal(pixels is null, fault != PictureFault.None);
            most = Math.Max(most, Environment.WorkingSet - before);
            var answer = $"{kind}: {(pixels is null ? fault.Name() : "used")}";
            tally[answer] = tally.GetValueOrDefault(answer) + 1;
        }

        foreach (var (answer, count) in tally.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{answer} {count}");
        }

        output.WriteLine($"at most {most >> 20} MiB more than before");
        Assert.Equal(300, files.Count);
        Assert.InRange(most, 0, MostMemory);
        Assert.DoesNotContain(tally.Keys, answer => answer is "other types: used" or "bombs: used" or "cut off: used");
    }

    [Fact]
    public void Decode_Bomb_IsRefusedFromItsHeader()
    {
        Assert.All(
            PictureFiles.Bombs(Jpeg),
            bomb =>
            {
                Assert.Null(PictureDecoder.Decode(bomb, 224, MostPixels, out var fault));
                Assert.Contains(fault, (PictureFault[])[PictureFault.Pixels, PictureFault.Format]);
            });
        PictureDecoder.Decode(PictureFiles.Bombs(Jpeg)[0], 224, MostPixels, out var png);
        Assert.Equal(PictureFault.Pixels, png);
    }

    private static IEnumerable<(string Kind, byte[] Bytes)> Files(Random chance)
    {
        byte[][] others =
        [
            [], "BM"u8.ToArray(), Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' width='50000' height='50000'/>"),
            "%PDF-1.7"u8.ToArray(), "PK\u0003\u0004"u8.ToArray(), [0, 0, 1, 0, 1, 0], "RIFF\0\0\0\0WAVE"u8.ToArray(), "GIF88a"u8.ToArray(),
        ];
        foreach (var bomb in PictureFiles.Bombs(Jpeg))
        {
            yield return ("bombs", bomb);
        }

        foreach (var good in Goods)
        {
            yield return ("odd but honest", good);
            yield return ("polyglots", [.. good, .. "<script>alert(1)</script>PK\u0003\u0004"u8]);
        }

        while (true)
        {
            var good = Goods[chance.Next(Goods.Length)];
            yield return ("cut off", good[..chance.Next(good.Length / 2)]);

            var flipped = (byte[])good.Clone();
            for (var flip = 0; flip < 10; flip++)
            {
                flipped[chance.Next(flipped.Length)] ^= (byte)(1 << chance.Next(8));
            }

            yield return ("damaged", flipped);

            byte[] noise = [.. good[..Math.Min(16, good.Length)], .. new byte[chance.Next(4_000)]];
            chance.NextBytes(noise.AsSpan(16));
            yield return ("noise behind a header", noise);
            yield return ("other types", others[chance.Next(others.Length)]);
        }
    }

    // Colours that differ, so that a file is more than its header.
    private static byte[] Good(SKEncodedImageFormat format)
    {
        var chance = new Random(7);
        using var bitmap = new SKBitmap(64, 64);
        bitmap.Pixels = [.. Enumerable.Range(0, 64 * 64).Select(_ => new SKColor((uint)chance.Next() | 0xFF000000u))];
        using var data = bitmap.Encode(format, 80);
        return data.ToArray();
    }
}
