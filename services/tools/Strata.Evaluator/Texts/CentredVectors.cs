using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Contracts.Features.V1;
using Strata.Numerics;

namespace Strata.Evaluator.Texts;

/// <summary>
/// The whole catalogue's vectors in one centred space, for what looks at a finished replay: content baselines and measures.
/// </summary>
/// <param name="Vectors">Unit vectors, item by item; zeros where an item has none.</param>
/// <param name="LayerOf">Nearest layer of each item, of a set seeded from all items.</param>
internal sealed record CentredVectors(float[] Vectors, int[] LayerOf)
{
    /// <summary>Centres and assigns.</summary>
    public static CentredVectors Of(IReadOnlyList<ItemFeatures> features, LayersOptions options)
    {
        var raw = features.Select(item => new Int8Vector(item.Embedding.Codes.Memory, item.Embedding.Scale)).ToArray();
        if (raw.Length < 2)
        {
            return new CentredVectors([], []);
        }

        var set = LayerSeeding.Seed(raw, features[0].Encoder, options, null);
        var vectors = new float[raw.Length * set.Dimensions];
        for (var i = 0; i < raw.Length; i++)
        {
            var vector = vectors.AsSpan(i * set.Dimensions, set.Dimensions);
            if (!raw[i].TryCentre(set.Mean.Span, vector))
            {
                vector.Clear();
            }
        }

        var nearest = new Nearest[raw.Length];
        new Assigner(set).Assign(vectors, nearest);
        return new CentredVectors(vectors, [.. nearest.Select(point => point.First)]);
    }
}
