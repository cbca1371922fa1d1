using System.Numerics.Tensors;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Numerics;

namespace Strata.Evaluator.Search;

/// <summary>Cosines of queries to texts; texts are centred by their own mean, queries by that of plain ones.</summary>
internal sealed class MeaningIndex
{
    private readonly float[][] _texts;
    private readonly PlainMeans _plain;

    /// <summary>Indexes texts.</summary>
    public MeaningIndex(IReadOnlyList<Vector> texts, PlainMeans plain)
    {
        (_texts, _plain) = ([.. texts.Select(Decode)], plain);
        if (_texts.Length < 2)
        {
            return;
        }

        var mean = new float[_texts[0].Length];
        foreach (var text in _texts)
        {
            VectorMath.AddScaled(mean, text, 1f / _texts.Length);
        }

        foreach (var text in _texts)
        {
            VectorMath.TryCentre(text, mean);
        }
    }

    /// <summary>Cosine of a query to every text; 0 where the query says nothing.</summary>
    public double[] Score(Vector query)
    {
        var direction = new float[query.Codes.Length];
        return _plain.TryCentre(query, direction)
            ? [.. _texts.Select(text => (double)TensorPrimitives.Dot<float>(text, direction))]
            : new double[_texts.Length];
    }

    private static float[] Decode(Vector vector)
    {
        var components = new float[vector.Codes.Length];
        new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(components);
        VectorMath.TryNormalize(components);
        return components;
    }
}
