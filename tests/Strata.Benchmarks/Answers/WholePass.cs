using System.Runtime.InteropServices;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Numerics;

namespace Strata.Benchmarks.Answers;

/// <summary>A query's answers by comparing it with every item in floats: what <see cref="AnswerIndex"/> is held against.</summary>
/// <param name="items">The catalogue.</param>
/// <param name="plain">Where queries and items lie.</param>
/// <param name="options">How many answers count, and how much.</param>
internal sealed class WholePass(Vector[] items, PlainMeans plain, AnswersOptions options)
{
    /// <summary>The nearest items, nearest first, and the unit vector of their weighted mean.</summary>
    public (int[] Items, float[] Mean, float[] Cosines) Answer(Vector query)
    {
        var direction = Unit(query);
        VectorMath.TryCentre(direction, plain.Queries);
        var best = new PriorityQueue<int, float>();
        var item = new float[direction.Length];
        for (var i = 0; i < items.Length; i++)
        {
            Decode(items[i], item);
            VectorMath.TryNormalize(item);
            var cosine = VectorMath.TryCentre(item, plain.Items) ? VectorMath.Dot(direction, item) : 0;
            if (best.Count < options.Items)
            {
                best.Enqueue(i, cosine);
            }
            else
            {
                best.EnqueueDequeue(i, cosine);
            }
        }

        var nearest = best.UnorderedItems.OrderByDescending(found => found.Priority).ToArray();
        var mean = new float[direction.Length];
        foreach (var (found, cosine) in nearest)
        {
            VectorMath.AddScaled(mean, Unit(items[found]), (float)Math.Exp((cosine - nearest[0].Priority) / options.Temperature));
        }

        VectorMath.TryNormalize(mean);
        return ([.. nearest.Select(found => found.Element)], mean, [.. nearest.Select(found => found.Priority)]);
    }

    /// <summary>The unit vector of what rests as bytes.</summary>
    public static float[] Unit(Vector vector)
    {
        var unit = new float[vector.Codes.Length];
        Decode(vector, unit);
        VectorMath.TryNormalize(unit);
        return unit;
    }

    private static void Decode(Vector vector, float[] components)
        => Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(vector.Codes.Span), vector.Scale, components);
}
