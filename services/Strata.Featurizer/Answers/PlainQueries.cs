using Strata.Numerics;

namespace Strata.Featurizer.Answers;

/// <summary>
/// Where an encoder puts queries: the mean of plain ones, which hardly depends on which they are (the means of two data sets' queries serve
/// each other as well as themselves).
/// </summary>
internal static class PlainQueries
{
    /// <summary>A few things that people look for, in several languages.</summary>
    public static IReadOnlyList<string> All { get; } = Read();

    /// <summary>The mean of their unit vectors.</summary>
    public static async Task<float[]> MeanAsync(Func<string, ValueTask<Contracts.Common.V1.Vector>> encode)
    {
        ArgumentNullException.ThrowIfNull(encode);
        var vectors = await Task.WhenAll(All.Select(query => encode(query).AsTask()));
        var mean = new float[vectors[0].Codes.Length];
        var unit = new float[mean.Length];
        foreach (var vector in vectors)
        {
            new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(unit);
            VectorMath.TryNormalize(unit);
            VectorMath.AddScaled(mean, unit, 1f / vectors.Length);
        }

        return mean;
    }

    private static string[] Read()
    {
        using var reader = new StreamReader(typeof(PlainQueries).Assembly.GetManifestResourceStream("plain-queries.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
