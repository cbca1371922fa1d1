using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>
/// The samples of the last deltas. A function of the deltas' log up to an offset and of nothing else: a reducer that starts anew reads the last deltas again and
/// has the same window, so its moves are the same too.
/// </summary>
public sealed class SampleWindow(int deltas, int samples)
{
    private readonly Queue<(long Offset, IReadOnlyList<Int8Vector> Vectors)> _window = new();
    private int _count;

    /// <summary>The samples, oldest delta first.</summary>
    public IReadOnlyList<Int8Vector> Samples => [.. _window.SelectMany(entry => entry.Vectors)];

    /// <summary>Takes the samples of the delta at <paramref name="offset"/> of the deltas' log.</summary>
    public void Add(long offset, LayerDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        List<Int8Vector> vectors = [.. delta.Entries.SelectMany(entry => entry.Samples)];
        _window.Enqueue((offset, vectors));
        _count += vectors.Count;
        while (_window.Count > 1 && (_window.Peek().Offset <= offset - deltas || _count > samples))
        {
            _count -= _window.Dequeue().Vectors.Count;
        }
    }

    /// <summary>Forgets what a reducer that starts at <paramref name="offset"/> would not read again.</summary>
    public void Trim(long offset)
    {
        while (_window.TryPeek(out var oldest) && oldest.Offset <= offset - deltas)
        {
            _count -= _window.Dequeue().Vectors.Count;
        }
    }

    /// <summary>Forgets all: after a new seeding old samples say nothing about need.</summary>
    public void Clear()
    {
        _window.Clear();
        _count = 0;
    }
}
