using Google.Protobuf;
using Strata.Numerics;
using Entry = Strata.Contracts.Layers.V1.LayerDelta.Types.Entry;

namespace Strata.Clustering.Layers.Wire;

/// <summary>Layer deltas as they travel on strata.layer-deltas.v1.</summary>
public static class LayerDeltaCodec
{
    public static Contracts.Layers.V1.LayerDelta ToMessage(LayerDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var message = new Contracts.Layers.V1.LayerDelta
        {
            Partition = delta.Partition,
            Log = delta.Log,
            From = delta.From,
            To = delta.To,
            LayerSetVersion = delta.LayerSetVersion,
            Seeding = delta.Seeding,
            EventTimeUnixMs = delta.EventTimeUnixMs,
        };
        foreach (var entry in delta.Entries)
        {
            var wire = new Entry
            {
                LayerId = entry.LayerId,
                Points = (ulong)entry.Points,
                Need = entry.Need,
                Error = entry.Error,
            };
            wire.Sum.Add(entry.Sum.ToArray());
            wire.Samples.AddRange(entry.Samples.Select(sample => new Contracts.Common.V1.Vector
            {
                Codes = UnsafeByteOperations.UnsafeWrap(sample.Vector.Codes),
                Scale = sample.Vector.Scale,
            }));
            wire.SampleOffsets.Add(entry.Samples.Select(sample => sample.Offset));
            if (entry.Samples.Any(sample => sample.Query.Length > 0))
            {
                wire.SampleQueries.Add(entry.Samples.Select(sample => sample.Query));
            }

            message.Entries.Add(wire);
        }

        message.Rows.Add(delta.Rows.Select(row => new Contracts.Layers.V1.LayerDelta.Types.UserRow
        {
            Offset = row.Offset,
            LayerIds = { row.LayerIds },
            Shares = UnsafeByteOperations.UnsafeWrap(row.Shares),
            Mark = row.Mark,
        }));
        return message;
    }

    public static LayerDelta FromMessage(Contracts.Layers.V1.LayerDelta message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new LayerDelta(
            message.Partition,
            message.Log,
            message.From,
            message.To,
            message.LayerSetVersion,
            message.Seeding,
            message.EventTimeUnixMs,
            [.. message.Entries.Select(entry => new LayerDeltaEntry(
                entry.LayerId,
                (long)entry.Points,
                entry.Sum.ToArray(),
                entry.Need,
                entry.Error,
                SamplesOf(entry)))])
        {
            Rows = [.. message.Rows.Select(row => new UserRow(row.Offset, [.. row.LayerIds], row.Shares.Memory, row.Mark))],
        };
    }

    private static Sample[] SamplesOf(Entry entry) =>
    [
        .. entry.SampleOffsets.Zip(entry.Samples).Select((sample, i) => new Sample(
            sample.First,
            new Int8Vector(sample.Second.Codes.Memory, sample.Second.Scale),
            entry.SampleQueries.Count > 0 ? entry.SampleQueries[i] : "")),
    ];
}
