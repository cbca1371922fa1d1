using Google.Protobuf;
using Strata.Contracts.Common.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Tests.Index;

/// <summary>Whatever is computed from bytes is what the vectors themselves give.</summary>
[Trait("height", "unit")]
public sealed class VectorStoreTests
{
    private const int Items = 1500;

    [Theory]
    [InlineData(384, true)]
    [InlineData(37, true)]
    [InlineData(16, false)]
    public void Compare_RowsThatFollowOrNot_IsTheProductOfTheVectors(int dimension, bool withMean)
    {
        var (store, vectors) = Filled(dimension, withMean);
        var random = new Random(7);
        float[][] queries = [.. Enumerable.Range(0, 5).Select(_ => Unit(random, dimension))];
        var batch = new VectorBatch();
        batch.Begin(store);
        foreach (var query in queries)
        {
            batch.Add(query);
        }

        int[][] choices =
        [
            [.. Enumerable.Range(0, Items)],
            [.. Enumerable.Range(0, 200).Select(_ => random.Next(Items))],
            [Items - 1],
            [3, 9, 5],
        ];
        foreach (var rows in choices)
        {
            var products = new float[queries.Length * rows.Length];
            store.Compare(batch, rows, products);
            for (var n = 0; n < products.Length; n++)
            {
                Assert.Equal(VectorMath.Dot(queries[n / rows.Length], vectors[rows[n % rows.Length]]), products[n], 2e-5);
            }
        }
    }

    [Theory]
    [InlineData(384, true)]
    [InlineData(37, true)]
    [InlineData(16, false)]
    public void Cosine_OfTwoRows_IsThatOfTheirVectors(int dimension, bool withMean)
    {
        var (store, vectors) = Filled(dimension, withMean);
        for (var row = 0; row < Items; row += 7)
        {
            var other = (row * 31) % Items;
            Assert.Equal(VectorMath.Dot(vectors[row], vectors[other]), store.Cosine(row, other), 2e-5);
            Assert.All(store.Vector(row).Zip(vectors[row]), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }
    }

    [Fact]
    public void Begin_AfterABatch_ComparesWithTheNextVectorsOnly()
    {
        var (store, vectors) = Filled(16, true);
        var batch = new VectorBatch();
        for (var round = 0; round < 3; round++)
        {
            batch.Begin(store);
            batch.Add(vectors[round]);
            var product = new float[1];
            store.Compare(batch, [round], product);
            Assert.Equal(1, batch.Count);
            Assert.Equal(1, product[0], 2e-5);
        }
    }

    private static (VectorStore Store, float[][] Vectors) Filled(int dimension, bool withMean)
    {
        var random = new Random(dimension);
        var mean = withMean ? Unit(random, dimension).Select(component => component / 2).ToArray() : [];
        var store = new VectorStore("e", dimension, mean);
        var vectors = new float[Items][];
        for (var item = 0; item < Items; item++)
        {
            var (codes, scale) = Int8Codec.Encode(Unit(random, dimension));
            var raw = new Vector { Codes = ByteString.CopyFrom([.. codes.Select(code => (byte)code)]), Scale = scale };
            vectors[item] = new float[dimension];
            Assert.True(store.TryCentre(raw, vectors[item]));
            store.Put(item, raw);
        }

        return (store, vectors);
    }

    private static float[] Unit(Random random, int dimension)
    {
        var vector = Enumerable.Range(0, dimension).Select(_ => (float)(random.NextDouble() - .5)).ToArray();
        VectorMath.TryNormalize(vector);
        return vector;
    }
}
