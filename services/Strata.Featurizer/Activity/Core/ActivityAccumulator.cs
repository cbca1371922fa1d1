using System.Runtime.InteropServices;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.State.V1;
using Strata.Streaming.Topology;

namespace Strata.Featurizer.Activity.Core;

/// <summary>
/// Sums up what the events of one events partition say about items, one delta for each item partition. Pure. The caller gives each event
/// with the user's items before it.
/// </summary>
public sealed class ActivityAccumulator
{
    private const double MillisecondsADay = 86_400_000;

    private readonly ActivityOptions _options;
    private readonly int _eventsPartition;
    private readonly ulong _log;
    private readonly Dictionary<string, int> _partitions = new(StringComparer.Ordinal);
    private readonly Part[] _parts;
    private long _from;

    /// <summary>Starts at an offset.</summary>
    /// <param name="options">Windows.</param>
    /// <param name="eventsPartition">Partition of strata.events.v1.</param>
    /// <param name="log">Identity of its log.</param>
    /// <param name="from">First offset of the first delta.</param>
    /// <param name="itemPartitions">Partitions of strata.activity-deltas.v1.</param>
    public ActivityAccumulator(ActivityOptions options, int eventsPartition, ulong log, long from, int itemPartitions)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _eventsPartition = eventsPartition;
        _log = log;
        _from = from;
        _parts = new Part[itemPartitions];
        for (var i = 0; i < itemPartitions; i++)
        {
            _parts[i] = new Part();
        }
    }

    /// <summary>Events since the last cut.</summary>
    public int Events { get; private set; }

    /// <summary>Adds a touch of <paramref name="itemId"/>.</summary>
    /// <param name="offset">Offset of the event.</param>
    /// <param name="timeUnixMs">Event time.</param>
    /// <param name="itemId">Item.</param>
    /// <param name="before">The user's items before the event, newest first, all that are remembered.</param>
    public void Add(long offset, long timeUnixMs, string itemId, IReadOnlyList<ProfileItem> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        Events++;
        var first = true;
        for (var k = 0; k < before.Count && first; k++)
        {
            first = before[k].ItemId != itemId;
        }

        var own = _parts[PartitionOf(itemId)];
        var act = Act(own);
        act.Own = true;
        act.First = first;
        if (!first)
        {
            Clear();
            return;
        }

        var weight = 1.0;
        for (var k = 0; k < before.Count && k < _options.CoVisitWindow; k++)
        {
            act.SeenBefore.Add(own.IndexOf(before[k].ItemId));
            act.SeenBeforeWeights.Add((float)weight);
            var part = _parts[PartitionOf(before[k].ItemId)];
            var other = Act(part);
            other.Seeing.Add(part.IndexOf(before[k].ItemId));
            other.SeeingWeights.Add((float)weight);
            weight *= _options.CoVisitDecay;
        }

        weight = 1.0;
        for (var k = 0; k < before.Count && k < _options.TransitionWindow; k++)
        {
            var part = _parts[PartitionOf(before[k].ItemId)];
            var origin = Act(part);
            origin.Origins.Add(part.IndexOf(before[k].ItemId));
            origin.OriginWeights.Add((float)(weight / (1 + (Math.Max(0, timeUnixMs - before[k].LastUnixMs) / MillisecondsADay))));
            weight *= _options.TransitionDecay;
        }

        Clear();

        ActivityDelta.Types.Act Act(Part part) => part.Act ??= part.Begin(checked((uint)(offset - _from)), timeUnixMs, itemId);

        void Clear()
        {
            foreach (var part in _parts)
            {
                part.Act = null;
            }
        }
    }

    /// <summary>The deltas up to an offset, in the order of the item partitions, empty ones too; the next ones start there.</summary>
    public IReadOnlyList<ActivityDelta> Cut(long to)
    {
        var deltas = new ActivityDelta[_parts.Length];
        for (var partition = 0; partition < deltas.Length; partition++)
        {
            var delta = _parts[partition].Take();
            delta.EventsPartition = _eventsPartition;
            delta.ItemPartition = partition;
            delta.From = _from;
            delta.To = to;
            delta.Log = _log;
            deltas[partition] = delta;
        }

        _from = to;
        Events = 0;
        return deltas;
    }

    private int PartitionOf(string itemId)
    {
        if (_parts.Length == 1)
        {
            return 0;
        }

        // Hashing costs more than looking up; the table is bounded by starting it anew.
        if (_partitions.Count > 100_000)
        {
            _partitions.Clear();
        }

        ref var partition = ref CollectionsMarshal.GetValueRefOrAddDefault(_partitions, itemId, out var known);
        return known ? partition : partition = KeyPartitioner.PartitionOf(itemId, _parts.Length);
    }

    /// <summary>The delta of one item partition while it grows.</summary>
    private sealed class Part
    {
        private readonly Dictionary<string, uint> _indices = new(StringComparer.Ordinal);
        private ActivityDelta _delta = new();

        /// <summary>The act of the event at hand, once it says something here.</summary>
        public ActivityDelta.Types.Act? Act { get; set; }

        public uint IndexOf(string itemId)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indices, itemId, out var known);
            if (!known)
            {
                index = (uint)_delta.Items.Count;
                _delta.Items.Add(itemId);
            }

            return index;
        }

        public ActivityDelta.Types.Act Begin(uint at, long timeUnixMs, string itemId)
        {
            var act = new ActivityDelta.Types.Act { At = at, TimeUnixMs = timeUnixMs, Item = IndexOf(itemId) };
            _delta.Acts.Add(act);
            return act;
        }

        public ActivityDelta Take()
        {
            var delta = _delta;
            _delta = new ActivityDelta();
            _indices.Clear();
            return delta;
        }
    }
}
