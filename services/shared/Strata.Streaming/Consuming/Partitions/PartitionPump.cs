using System.Threading.Channels;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>
/// Records of one partition number on their way from the poll thread to the handler, in order. It never refuses a record: when it is
/// <see cref="Full"/> the poll thread pauses the partition, and resumes it when the pump is <see cref="Low"/>.
/// </summary>
internal sealed class PartitionPump(int capacity, long capacityBytes)
{
    private readonly Channel<StreamRecord> _records = Channel.CreateUnbounded<StreamRecord>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private int _count;
    private long _bytes;
    private volatile bool _stopped;

    public int Count => Volatile.Read(ref _count);

    public bool Full => Volatile.Read(ref _count) >= capacity || Volatile.Read(ref _bytes) >= capacityBytes;

    public bool Low => Volatile.Read(ref _count) <= capacity / 2 && Volatile.Read(ref _bytes) <= capacityBytes / 2;

    /// <summary>False when the pump is stopped: the record will be read again by whoever comes next.</summary>
    public bool TryAdd(StreamRecord record)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, Size(record));
        return _records.Writer.TryWrite(record);
    }

    /// <summary>Waits for records; false when the pump is stopped, even if some are left.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
        => !_stopped && await _records.Reader.WaitToReadAsync(cancellationToken) && !_stopped;

    public List<StreamRecord> Take(int limit, long limitBytes)
    {
        var batch = new List<StreamRecord>(Math.Min(limit, Count));
        var bytes = 0L;
        while (batch.Count < limit
            && _records.Reader.TryPeek(out var next)
            && (batch.Count == 0 || bytes + Size(next) <= limitBytes)
            && _records.Reader.TryRead(out var record))
        {
            batch.Add(record);
            bytes += Size(record);
        }

        Interlocked.Add(ref _count, -batch.Count);
        Interlocked.Add(ref _bytes, -bytes);
        return batch;
    }

    /// <summary>Nothing more is taken out or put in.</summary>
    public void Stop()
    {
        _stopped = true;
        _records.Writer.TryComplete();
    }

    private static long Size(StreamRecord record) => record.Value?.Length ?? 0;
}
