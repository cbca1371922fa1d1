using Strata.Featurizer.Answers.Core;
using Strata.Numerics;
using Vector = Strata.Contracts.Common.V1.Vector;

namespace Strata.Featurizer.Answers;

/// <summary>
/// Where an encoder puts queries and items: the means of plain ones, which hardly depend on which they are (the means of two data sets'
/// queries serve each other as well as themselves).
/// </summary>
internal static class PlainTexts
{
    /// <summary>A few things that people look for, in several languages.</summary>
    public static IReadOnlyList<string> All { get; } = Read();

    /// <summary>The means of their unit vectors.</summary>
    /// <param name="query">Encodes a text that one looks with.</param>
    /// <param name="passage">Encodes a text that can be found.</param>
    public static async Task<PlainMeans> MeansAsync(Func<string, ValueTask<Vector>> query, Func<string, ValueTask<Vector>> passage)
        => new(await MeanAsync(query), await MeanAsync(passage));

    private static async Task<float[]> MeanAsync(Func<string, ValueTask<Vector>> encode)
    {
        // One after the other: what else is to be encoded finds its place between them.
        var vectors = new List<Vector>();
        foreach (var text in All)
        {
            vectors.Add(await encode(text));
        }

        var mean = new float[vectors[0].Codes.Length];
        var unit = new float[mean.Length];
        foreach (var vector in vectors)
        {
            new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(unit);
            VectorMath.TryNormalize(unit);
            VectorMath.AddScaled(mean, unit, 1f / vectors.Count);
        }

        return mean;
    }

    private static string[] Read()
    {
        using var reader = new StreamReader(typeof(PlainTexts).Assembly.GetManifestResourceStream("plain-texts.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
