namespace Strata.Cli.Backups.Core;

/// <summary>
/// Where the records of a partition stand when they are written anew, one behind the other: marks of transactions and what was compacted
/// away have left gaps in the old numbers. Kept as runs without a gap.
/// </summary>
internal sealed class OffsetMap
{
    private readonly List<(long Old, long New)> _runs = [];

    /// <summary>Records so far.</summary>
    public long Count { get; private set; }

    /// <summary>The next record; old offsets ascend.</summary>
    public void Add(long old)
    {
        if (_runs.Count == 0 || old - Count != _runs[^1].Old - _runs[^1].New)
        {
            _runs.Add((old, Count));
        }

        Count++;
    }

    /// <summary>How many records lie below an old offset: the new number of the record there, and of a position there.</summary>
    public long Below(long old)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].Old <= old ? (middle + 1, high) : (low, middle);
        }

        return low == 0
            ? 0
            : Math.Min(_runs[low - 1].New + (old - _runs[low - 1].Old), low < _runs.Count ? _runs[low].New : Count);
    }
}
