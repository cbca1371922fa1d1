using System.IO.Hashing;
using System.Runtime.InteropServices;
using Grpc.Core;
using Strata.Streaming.Publishing;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Ingestion.Catalog;

/// <summary>
/// Which items are in the catalogue: the newest record of an id is no tombstone. Follows strata.items.v1; what this process published
/// itself counts as soon as it is acknowledged. Keeps 64-bit hashes: among a million items an unknown id passes for a known one once in
/// 2·10¹³.
/// </summary>
internal sealed class KnownItems : ITableHandler
{
    /// <summary>Name of the table in settings, health and metrics.</summary>
    public const string TableName = "known-items";

    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _known = [];

    /// <summary>Own records that the table has not read yet, by id: an older record of the same id must not undo them.</summary>
    private readonly Dictionary<ulong, PublishedPosition> _ahead = [];

    /// <summary>Next offset the table reads, by partition.</summary>
    private readonly Dictionary<int, long> _next = [];

    private volatile bool _complete;

    /// <summary>True once the topic was read to the end it had when this process started.</summary>
    public bool IsComplete => _complete;

    /// <summary>The fault of a call that comes before <see cref="IsComplete"/>.</summary>
    public static RpcException NotReady()
        => new(new Status(StatusCode.Unavailable, "The catalogue is still being read after a start. Try again."));

    /// <summary>True when the item is in the catalogue.</summary>
    public bool Contains(string itemId)
    {
        lock (_gate)
        {
            return _known.Contains(Hash(itemId));
        }
    }

    /// <summary>This process's own record of an item was acknowledged.</summary>
    public void Put(string itemId, PublishedPosition position) => Own(itemId, position, known: true);

    /// <summary>This process's own tombstone of an item was acknowledged.</summary>
    public void Deleted(string itemId, PublishedPosition position) => Own(itemId, position, known: false);

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var record in batch)
            {
                Apply(record);
            }
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp() => _complete = true;

    private static ulong Hash(string itemId) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(itemId.AsSpan()));

    private void Own(string itemId, PublishedPosition position, bool known)
    {
        var hash = Hash(itemId);
        lock (_gate)
        {
            // Acknowledgements of two calls may arrive the other way round, and the table may have passed them already.
            if (_next.GetValueOrDefault(position.Partition) > position.Offset)
            {
                return;
            }

            if (_ahead.TryGetValue(hash, out var other) && other.Offset > position.Offset)
            {
                return;
            }

            _ahead[hash] = position;
            Set(hash, known);
        }
    }

    private void Apply(StreamRecord record)
    {
        _next[record.Partition] = record.Offset + 1;
        if (record.Key is not { } itemId)
        {
            return;
        }

        var hash = Hash(itemId);
        if (_ahead.TryGetValue(hash, out var own) && own.Partition == record.Partition)
        {
            if (record.Offset < own.Offset)
            {
                return;
            }

            _ahead.Remove(hash);
        }

        Set(hash, record.Value is not null);
    }

    private void Set(ulong hash, bool known)
    {
        if (known)
        {
            _known.Add(hash);
        }
        else
        {
            _known.Remove(hash);
        }
    }
}
