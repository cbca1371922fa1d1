namespace Strata.Streaming.Consuming.Polling;

/// <summary>
/// When the records arrived that a partition's handler has and has not committed: one of each second, so that what waits long is told by
/// few. Used by the poll thread only.
/// </summary>
internal sealed class ArrivalTimes
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    private readonly Queue<(long Offset, DateTimeOffset Time)> _samples = new();
    private DateTimeOffset _newest;
    private DateTimeOffset? _unseenSince;
    private long _received;

    /// <summary>A record came.</summary>
    public void Received(long offset, DateTimeOffset arrived)
    {
        if (_samples.Count == 0 || arrived - _newest >= Spacing)
        {
            _samples.Enqueue((offset, arrived));
            _newest = arrived;
        }
    }

    /// <summary>Records that came are not handed over any more.</summary>
    public void Clear() => _samples.Clear();

    /// <summary>
    /// Age of the oldest record that is not committed, a second too much at the most. Where records lie in the log and none of them came
    /// yet, since when that is so.
    /// </summary>
    /// <param name="committed">The next offset that is not committed.</param>
    /// <param name="received">The offset behind the last record that came.</param>
    /// <param name="lag">Records between what is committed and the log's end.</param>
    /// <param name="now">The clock.</param>
    public TimeSpan AgeOfOldest(long committed, long received, long lag, DateTimeOffset now)
    {
        if (lag <= 0)
        {
            _samples.Clear();
            _unseenSince = null;
            return TimeSpan.Zero;
        }

        if (received != _received)
        {
            (_received, _unseenSince) = (received, null); // some came since the last look
        }

        DateTimeOffset since;
        if (committed >= received || _samples.Count == 0)
        {
            _samples.Clear();
            since = _unseenSince ??= now;
        }
        else
        {
            _unseenSince = null;
            while (_samples.Count > 1 && _samples.ElementAt(1).Offset <= committed)
            {
                _samples.Dequeue();
            }

            since = _samples.Peek().Time;
        }

        return now > since ? now - since : TimeSpan.Zero;
    }
}
