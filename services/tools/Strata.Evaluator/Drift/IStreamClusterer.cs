namespace Strata.Evaluator.Drift;

/// <summary>
/// Clusters points that come in batches. All points and centres are row-major with <see cref="TopicStream.Dimensions"/> columns.
/// </summary>
internal interface IStreamClusterer
{
    /// <summary>Name in the table.</summary>
    string Name { get; }

    /// <summary>Layers that moved so far; null when the method has no such thing.</summary>
    int? Moves { get; }

    /// <summary>Centres now, of any length.</summary>
    ReadOnlySpan<float> Centres { get; }

    /// <summary>Begins with the first points.</summary>
    void Begin(ReadOnlySpan<float> points);

    /// <summary>Index in <see cref="Centres"/> for each point, by what was learned before it.</summary>
    int[] Predict(ReadOnlySpan<float> points);

    void Learn(ReadOnlySpan<float> points);
}
