namespace Strata.Numerics;

/// <summary>
/// The time of a stream, which no single source can move: the median of the newest times of the fifteen sources that are furthest (of an
/// even number the later of the two in the middle). One that runs ahead, by minutes or by a year, counts as one; after a silence the clock
/// is where the stream is as soon as eight of fifteen are. Depends on what each source has reached, not on the order in which it came. Not
/// for several threads at once.
/// </summary>
/// <typeparam name="TSource">What events are told apart by: users, items.</typeparam>
public sealed class StreamClock<TSource>
    where TSource : IEquatable<TSource>
{
    private const int Sources = 15;

    // Newest first.
    private readonly List<(TSource Source, long TimeMs)> _newest = new(Sources + 1);

    /// <summary>Milliseconds since the Unix epoch; null before any event.</summary>
    public long? NowMs => _newest.Count == 0 ? null : _newest[(_newest.Count - 1) / 2].TimeMs;

    /// <summary>An event of a source at a time, in milliseconds since the Unix epoch.</summary>
    public void Advance(TSource source, long timeMs)
    {
        if (_newest.Count == Sources && timeMs <= _newest[^1].TimeMs)
        {
            return;
        }

        for (var i = 0; i < _newest.Count; i++)
        {
            if (_newest[i].Source.Equals(source))
            {
                timeMs = Math.Max(timeMs, _newest[i].TimeMs);
                _newest.RemoveAt(i);
                break;
            }
        }

        var at = _newest.Count;
        while (at > 0 && _newest[at - 1].TimeMs < timeMs)
        {
            at--;
        }

        _newest.Insert(at, (source, timeMs));
        if (_newest.Count > Sources)
        {
            _newest.RemoveAt(Sources);
        }
    }
}
