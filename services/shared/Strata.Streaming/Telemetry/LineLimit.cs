using System.Collections.Concurrent;

namespace Strata.Streaming.Telemetry;

/// <summary>
/// At most one log line a second of one cause: whoever waits for what is away would otherwise write thousands that say the same.
/// </summary>
internal sealed class LineLimit(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, long> _told = new(StringComparer.Ordinal);

    /// <summary>True when a line of <paramref name="cause"/> may be written now. Causes are few: parts and kinds of faults.</summary>
    public bool Allows(string cause)
    {
        var now = time.GetTimestamp();
        while (true)
        {
            if (!_told.TryGetValue(cause, out var last))
            {
                if (_told.TryAdd(cause, now))
                {
                    return true;
                }
            }
            else if (time.GetElapsedTime(last, now) < Interval)
            {
                return false;
            }
            else if (_told.TryUpdate(cause, now, last))
            {
                return true;
            }
        }
    }
}
