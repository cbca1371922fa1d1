using System.Numerics.Tensors;

namespace Strata.Evaluator.Baselines;

/// <summary>
/// Cosine to the decayed mean of the user's items, by centred text vectors. Grid: the half-life of the weights, and ψ^k of the last eight
/// items in its place.
/// </summary>
/// <param name="vectors">Unit vectors, item by item; items without a text have zeros.</param>
/// <param name="items">Number of items.</param>
internal sealed class ContentCentroid(float[] vectors, int items) : IBaseline
{
    private const int RecentItems = 8;
    private const double DayMs = 86_400_000;

    private static readonly double[] HalfLifeDays = [7, 30, 180];
    private static readonly double[] Decays = [0.5, 0.7, 0.9];

    private readonly int _dimensions = items == 0 ? 0 : vectors.Length / items;
    private readonly double[] _cosines = new double[items];
    private readonly float[] _centroid = new float[items == 0 ? 0 : vectors.Length / items];

    public string Name => "content-centroid";

    public IReadOnlyList<string> Settings { get; } =
    [
        .. HalfLifeDays.Select(days => $"half-life {days} d"),
        .. Decays.Select(decay => $"last {RecentItems}, decay {decay}"),
    ];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores)
    {
        Array.Clear(_centroid);
        if (request.History is { } history)
        {
            var recent = setting >= HalfLifeDays.Length;
            for (var k = 0; k < (recent ? Math.Min(RecentItems, history.Items.Length) : history.Items.Length); k++)
            {
                var weight = recent
                    ? Math.Pow(Decays[setting - HalfLifeDays.Length], k)
                    : double.Exp2(-(request.TimeMs - history.Times[k]) / (HalfLifeDays[setting] * DayMs)) + 1e-6;
                TensorPrimitives.MultiplyAdd(Vector(history.Items[k]), (float)weight, _centroid, _centroid);
            }
        }

        for (var item = 0; item < request.Alive; item++)
        {
            _cosines[item] = TensorPrimitives.Dot(Vector(item), _centroid);
        }

        scores.Take(_cosines);
    }

    public void Learn(in Touch touch)
    {
    }

    private ReadOnlySpan<float> Vector(int item) => vectors.AsSpan(item * _dimensions, _dimensions);
}
