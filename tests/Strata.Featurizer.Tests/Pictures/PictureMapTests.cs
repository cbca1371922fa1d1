using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Strata.Contracts.Catalog.V1;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Items.Core;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Numerics;
using Strata.Numerics.Clusters;
using Strata.Testing;

namespace Strata.Featurizer.Tests.Pictures;

/// <summary>
/// What pictures would add to texts, on eShop's 101 products of 8 types: layers and neighbours by text, by picture and by both, and whether
/// an item whose text is taken away lies where its text would put it. Pictures come into the space of texts by a ridge map that is learned
/// in five folds, so no item is mapped by a map that saw it.
/// </summary>
[Trait("height", "harness")]
public sealed class PictureMapTests(ITestOutputHelper output)
{
    private const int Folds = 5;
    private const int Layers = 8;
    private const int Starts = 20;
    private const double Penalty = .3;

    // Of a mapped picture beside a text of 1.
    private const float Weight = .25f;

    [Fact]
    public async Task RidgeMap_PicturesOfAShop_LieWhereTheTextsDo()
    {
        var (texts, pictures, types) = await ReadAsync();
        Centre(texts);
        Centre(pictures);
        var mapped = MapInFolds(texts, pictures);
        var layers = BatchKMeans.Cluster(texts, Layers, Starts, new Random(1));
        var centres = Enumerable.Range(0, Layers).Select(layer => Mean([.. texts.Where((_, i) => layers[i] == layer)])).ToArray();

        var kept = Enumerable.Range(0, mapped.Length)
            .Count(i => Enumerable.Range(0, Layers).MaxBy(layer => VectorMath.Dot(centres[layer], mapped[i])) == layers[i]);

        var share = (double)kept / mapped.Length;
        Say($"in the text's layer by the picture alone: {share:F3}");
        var (text, picture, both) = (Judge(texts, types), Judge(pictures, types), Judge(Fuse(texts, mapped), types));
        Say($"| text | {text.Nmi:F3} | {text.Nearest:F3} |");
        Say($"| picture | {picture.Nmi:F3} | {picture.Nearest:F3} |");
        Say($"| both | {both.Nmi:F3} | {both.Nearest:F3} |");
        Assert.InRange(share, .7, 1);
        Assert.InRange(both.Nmi, Math.Max(text.Nmi, picture.Nmi) - .03, 1);
        Assert.InRange(both.Nearest, Math.Max(text.Nearest, picture.Nearest) - .03, 1);
    }

    private static (double Nmi, double Nearest) Judge(float[][] vectors, int[] types)
    {
        var layers = BatchKMeans.Cluster(vectors, Layers, Starts, new Random(1));
        var same = Enumerable.Range(0, vectors.Length).Count(i => types[i] == types[
            Enumerable.Range(0, vectors.Length).Where(j => j != i).MaxBy(j => VectorMath.Dot(vectors[i], vectors[j]))]);
        return (ClusterAgreement.NormalizedMutualInformation(layers, types), (double)same / vectors.Length);
    }

    private static float[][] MapInFolds(float[][] texts, float[][] pictures)
    {
        var mapped = new float[texts.Length][];
        for (var fold = 0; fold < Folds; fold++)
        {
            var map = new RidgeMap(pictures[0].Length, texts[0].Length);
            for (var i = 0; i < texts.Length; i++)
            {
                if (i % Folds != fold)
                {
                    map.Add(pictures[i], texts[i]);
                }
            }

            map.Fit(Penalty);
            for (var i = fold; i < texts.Length; i += Folds)
            {
                mapped[i] = map.Map(pictures[i]);
                VectorMath.TryNormalize(mapped[i]);
            }
        }

        return mapped;
    }

    private static float[][] Fuse(float[][] texts, float[][] mapped)
        => [.. texts.Zip(mapped, (text, picture) =>
        {
            var both = (float[])text.Clone();
            VectorMath.AddScaled(both, picture, Weight);
            VectorMath.TryNormalize(both);
            return both;
        })];

    private static async Task<(float[][] Texts, float[][] Pictures, int[] Types)> ReadAsync()
    {
        var folder = Path.Combine(SharedFolder.Find() ?? "", "data", "eshop_catalog");
        Assert.SkipUnless(Directory.Exists(folder), "the folder shared/data/eshop_catalog is not there");
        var products = File.ReadLines(Path.Combine(folder, "items.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var texts = await Task.WhenAll(products.Select(async product => Vectors.ToUnit(await TestEncoders.Real.EncodePassageAsync(
            ItemText.ForEncoder(new Item { Title = Text(product, "title"), Description = Text(product, "description") }, 600), default))));
        var pictures = await Task.WhenAll(products.Select(async product =>
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, Text(product, "picture")));
            return Vectors.ToUnit((await TestEncoders.Pictures.EncodeAsync([ByteString.CopyFrom(bytes)], default)).Vector!);
        }));
        var names = products.Select(product => product.GetProperty("categories")[0].GetString()!).ToList();
        return (texts, pictures, [.. names.Select(name => names.IndexOf(name))]);
    }

    private static string Text(JsonElement product, string field) => product.GetProperty(field).GetString()!;

    private static float[] Mean(float[][] vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            VectorMath.AddScaled(mean, vector, 1f / vectors.Length);
        }

        VectorMath.TryNormalize(mean);
        return mean;
    }

    private static void Centre(float[][] vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            VectorMath.AddScaled(mean, vector, 1f / vectors.Length);
        }

        foreach (var vector in vectors)
        {
            VectorMath.TryCentre(vector, mean);
        }
    }

    private void Say(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
