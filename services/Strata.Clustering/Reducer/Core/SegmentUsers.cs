using Strata.Numerics;

namespace Strata.Clustering.Reducer.Core;

/// <summary>
/// How many users acted of late: two sketches, of the time since some moment and of two weeks before it. To see a user again changes
/// nothing, and of none of them anything can be read.
/// </summary>
internal sealed class SegmentUsers
{
    /// <summary>How long a sketch takes users.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(14);

    private byte[] _newer = new byte[DistinctCount.Registers];
    private byte[] _older = new byte[DistinctCount.Registers];

    /// <summary>Event time at which the newer one begins, Unix milliseconds; 0: nobody acted yet.</summary>
    public long SinceUnixMs { get; private set; }

    /// <summary>Users of the time since.</summary>
    public ReadOnlySpan<byte> Newer => _newer;

    /// <summary>Users of the two weeks before.</summary>
    public ReadOnlySpan<byte> Older => _older;

    /// <summary>Goes on from what was published; sketches of another size are none.</summary>
    public static SegmentUsers From(ReadOnlySpan<byte> newer, ReadOnlySpan<byte> older, long sinceUnixMs)
    {
        var users = new SegmentUsers { SinceUnixMs = sinceUnixMs };
        if (newer.Length == DistinctCount.Registers)
        {
            newer.CopyTo(users._newer);
        }

        if (older.Length == DistinctCount.Registers)
        {
            older.CopyTo(users._older);
        }

        return users;
    }

    /// <summary>Adds users by their marks, who acted by <paramref name="eventTimeUnixMs"/>.</summary>
    public void Add(IEnumerable<uint> marks, long eventTimeUnixMs)
    {
        SinceUnixMs = SinceUnixMs == 0 ? eventTimeUnixMs : SinceUnixMs;
        for (var windows = 0; eventTimeUnixMs - SinceUnixMs >= Window.TotalMilliseconds; windows++)
        {
            // After a longer silence both are empty, and the newer one begins now.
            (_older, _newer) = (_newer, new byte[DistinctCount.Registers]);
            SinceUnixMs = windows == 0 ? SinceUnixMs + (long)Window.TotalMilliseconds : eventTimeUnixMs;
        }

        foreach (var mark in marks)
        {
            DistinctCount.AddMark(_newer, mark);
        }
    }

    /// <summary>How many there are.</summary>
    public double Count()
    {
        var both = _newer.ToArray();
        DistinctCount.Unite(both, _older);
        return DistinctCount.Estimate(both);
    }
}
