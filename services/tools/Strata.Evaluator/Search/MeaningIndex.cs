using System.Numerics.Tensors;
using Strata.Contracts.Common.V1;
using Strata.Numerics;

namespace Strata.Evaluator.Search;

/// <summary>Cosines of queries to texts; texts and queries are each centred by their own mean.</summary>
internal sealed class MeaningIndex(IReadOnlyList<Vector> texts, IReadOnlyList<Vector> queries)
{
    private readonly float[][] _texts = Centre(texts);
    private readonly float[][] _queries = Centre(queries);

    /// <summary>Cosine of a query to every text.</summary>
    public double[] Score(int query) => [.. _texts.Select(text => (double)TensorPrimitives.Dot<float>(text, _queries[query]))];

    private static float[][] Centre(IReadOnlyList<Vector> raw)
    {
        var vectors = raw.Select(vector =>
        {
            var components = new float[vector.Codes.Length];
            new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(components);
            VectorMath.TryNormalize(components);
            return components;
        }).ToArray();
        if (vectors.Length < 2)
        {
            return vectors;
        }

        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            VectorMath.AddScaled(mean, vector, 1f / vectors.Length);
        }

        foreach (var vector in vectors)
        {
            VectorMath.TryCentre(vector, mean);
        }

        return vectors;
    }
}
