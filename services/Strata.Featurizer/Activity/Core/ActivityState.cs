using System.Globalization;
using System.Runtime.InteropServices;
using Strata.Contracts.Activity.V1;

namespace Strata.Featurizer.Activity.Core;

public enum ActivityDeltaOutcome
{
    /// <summary>All of it was new.</summary>
    Applied,

    /// <summary>Its beginning was absorbed already (the events were read again and cut elsewhere); the rest was applied.</summary>
    PartlyApplied,

    /// <summary>All of it was absorbed already.</summary>
    Duplicate,
}

/// <summary>A delta begins beyond what is absorbed: events are missing, and nothing after them may count.</summary>
public sealed class ActivityGapException : Exception
{
    public ActivityGapException()
    {
    }

    public ActivityGapException(string message)
        : base(message)
    {
    }

    public ActivityGapException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>
/// The activity of the items of one item partition, and how far it has absorbed each events partition. Pure; each event counts once. Not
/// for several threads at once.
/// </summary>
/// <param name="options">Half-lives and bounds.</param>
/// <param name="itemPartition">The item partition.</param>
public sealed class ActivityState(ActivityOptions options, int itemPartition)
{
    // Items are numbers inside; neighbours may belong to other partitions and then have no sums here.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<ItemSums?> _sums = [];
    private readonly SortedDictionary<int, (ulong Log, long Next)> _positions = [];
    private readonly List<ItemSums> _changed = [];
    private int[] _delta = [];

    public int Items { get; private set; }

    /// <summary>True when there is anything that was not taken by <see cref="TakeChanged"/> or <see cref="Marker"/> yet.</summary>
    public bool Dirty { get; private set; }

    /// <summary>
    /// Applies a delta iff it begins where its events partition was left; of one that overlaps, what is new. Throws
    /// <see cref="ActivityGapException"/> when events are missing, unless <paramref name="acrossGaps"/>: they are lost, and it goes on
    /// behind them.
    /// </summary>
    public ActivityDeltaOutcome Apply(ActivityDelta delta, bool acrossGaps = false)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var known = _positions.TryGetValue(delta.EventsPartition, out var position) && position.Log == delta.Log;

        // Nothing is known of this log (a new one, or a state that begins now): it starts here.
        var next = known ? position.Next : delta.From;
        if (delta.To <= next && known)
        {
            return ActivityDeltaOutcome.Duplicate;
        }

        if (delta.From > next && !acrossGaps)
        {
            throw new ActivityGapException(string.Create(
                CultureInfo.InvariantCulture,
                $"Events {next} to {delta.From} of events partition {delta.EventsPartition} are missing in the activity of "
                + $"item partition {itemPartition}."));
        }

        Intern(delta);
        foreach (var act in delta.Acts)
        {
            if (delta.From + act.At >= next)
            {
                Apply(act);
            }
        }

        _positions[delta.EventsPartition] = (delta.Log, delta.To);
        Dirty = true;
        return delta.From < next ? ActivityDeltaOutcome.PartlyApplied : ActivityDeltaOutcome.Applied;
    }

    /// <summary>Takes over an item as it was published.</summary>
    public void Restore(ItemActivity item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Remove(item.ItemId);
        Sums(NumberOf(item.ItemId)).Restore(item, NumberOf);
    }

    /// <summary>Takes over the positions as they were published.</summary>
    public void Restore(ActivityMarker marker)
    {
        ArgumentNullException.ThrowIfNull(marker);
        _positions.Clear();
        foreach (var position in marker.Positions)
        {
            _positions[position.EventsPartition] = (position.Log, position.Next);
        }
    }

    /// <summary>Forgets an item; false when it has no activity. Other items may still name it as their neighbour.</summary>
    public bool Remove(string itemId)
    {
        if (!_numbers.TryGetValue(itemId, out var number) || _sums[number] is not { } sums)
        {
            return false;
        }

        _sums[number] = null;
        Items--;
        if (sums.Changed)
        {
            _changed.Remove(sums);
        }

        return true;
    }

    public ItemActivity? Find(string itemId) => _numbers.TryGetValue(itemId, out var number) ? _sums[number]?.ToMessage(_names) : null;

    /// <summary>The items that changed since the last call.</summary>
    public IReadOnlyList<ItemActivity> TakeChanged()
    {
        var messages = new ItemActivity[_changed.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            _changed[i].Changed = false;
            messages[i] = _changed[i].ToMessage(_names);
        }

        _changed.Clear();
        Dirty = false;
        return messages;
    }

    /// <summary>How far the events are absorbed.</summary>
    public ActivityMarker Marker() => new()
    {
        ItemPartition = itemPartition,
        Positions =
        {
            _positions.Select(
                entry => new ActivityMarker.Types.Position { EventsPartition = entry.Key, Log = entry.Value.Log, Next = entry.Value.Next }),
        },
    };

    private void Intern(ActivityDelta delta)
    {
        if (_delta.Length < delta.Items.Count)
        {
            _delta = new int[delta.Items.Count * 2];
        }

        for (var i = 0; i < delta.Items.Count; i++)
        {
            _delta[i] = NumberOf(delta.Items[i]);
        }
    }

    private void Apply(ActivityDelta.Types.Act act)
    {
        var item = _delta[act.Item];
        if (act.Own)
        {
            var sums = Changing(item);
            sums.Touch(act.TimeUnixMs, act.First);
            for (var k = 0; k < act.SeenBefore.Count; k++)
            {
                sums.CoVisit(_delta[act.SeenBefore[k]], WeightOf(act.SeenBeforeWeights, k), act.TimeUnixMs);
            }
        }

        for (var k = 0; k < act.Seeing.Count; k++)
        {
            Changing(_delta[act.Seeing[k]]).CoVisit(item, WeightOf(act.SeeingWeights, k), act.TimeUnixMs);
        }

        for (var k = 0; k < act.Origins.Count; k++)
        {
            Changing(_delta[act.Origins[k]]).Transition(item, act.OriginWeights[k], act.TimeUnixMs);
        }
    }

    // A delta written before there were weights has none: then each counts as one.
    private static double WeightOf(Google.Protobuf.Collections.RepeatedField<float> weights, int k) => k < weights.Count ? weights[k] : 1;

    private int NumberOf(string itemId)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, itemId, out var known);
        if (!known)
        {
            number = _names.Count;
            _names.Add(itemId);
            _sums.Add(null);
        }

        return number;
    }

    private ItemSums Sums(int number)
    {
        if (_sums[number] is not { } sums)
        {
            _sums[number] = sums = new ItemSums(number, options);
            Items++;
        }

        return sums;
    }

    private ItemSums Changing(int number)
    {
        var sums = Sums(number);
        if (!sums.Changed)
        {
            sums.Changed = true;
            _changed.Add(sums);
        }

        return sums;
    }
}
