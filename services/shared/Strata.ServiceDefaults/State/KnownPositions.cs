using System.Collections.Concurrent;
using System.Globalization;

namespace Strata.ServiceDefaults.State;

/// <summary>The positions that this process read or wrote last, by key: a store that holds smaller ones has lost something.</summary>
internal sealed class KnownPositions(TimeProvider time, TimeSpan interval)
{
    private readonly ConcurrentDictionary<string, Fence> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _checked = new(StringComparer.Ordinal);

    public void Set(string key, Fence position) => _known[key] = position;

    /// <summary>True when the positions of <paramref name="keys"/> were not compared for a while.</summary>
    public bool IsDue(IReadOnlyList<string> keys)
    {
        var now = time.GetTimestamp();
        if (_checked.TryGetValue(keys[0], out var last) && time.GetElapsedTime(last, now) < interval)
        {
            return false;
        }

        _checked[keys[0]] = now;
        return true;
    }

    /// <summary>Throws when a stored position is not the known one. Unknown keys are not compared.</summary>
    public void Compare(IReadOnlyList<string> keys, IReadOnlyList<Fence> stored)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (!_known.TryGetValue(keys[i], out var known) || stored[i] == known)
            {
                continue;
            }

            _known.TryRemove(keys[i], out _);
            throw stored[i].Log == known.Log && stored[i].Next > known.Next
                ? new StateFencedException($"Another writer moved {keys[i]}.")
                : new StateLostException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The store lost what it held: {keys[i]} was {known.Next} and is {stored[i].Next}; the log is read again from there."));
        }
    }
}
