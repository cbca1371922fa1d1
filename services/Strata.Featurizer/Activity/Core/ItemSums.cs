using Strata.Contracts.Activity.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Activity.Core;

/// <summary>
/// The decayed sums of one item, all as of the newest event that said something about it. They are scaled down to that moment, never up to
/// a moment to come, so they neither overflow nor lose their order however many half-lives pass. A late event adds what it would weigh now.
/// </summary>
internal sealed class ItemSums(int item, ActivityOptions options)
{
    private static readonly TimeSpan[] PopularityHalfLives =
    [
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(3),
        TimeSpan.FromDays(1),
        TimeSpan.FromDays(7),
        TimeSpan.FromDays(60),
    ];

    // One more than half-lives: the last is not decayed.
    private readonly double[] _popularity = new double[PopularityHalfLives.Length + 1];
    private readonly NeighbourList _coVisits = new(options.Neighbours);
    private readonly NeighbourList _transitions = new(options.Neighbours);
    private double _firstTouches;
    private double _transitionsOut;
    private long _asOf = long.MinValue;
    private long _firstEvent;
    private long _lastEvent;

    public int Item => item;

    /// <summary>Noted as changed since the last publication.</summary>
    public bool Changed { get; set; }

    public void Touch(long time, bool first)
    {
        Advance(time);
        for (var h = 0; h < PopularityHalfLives.Length; h++)
        {
            _popularity[h] += Decay.Factor(_asOf - time, PopularityHalfLives[h]);
        }

        _popularity[^1]++;
        _firstTouches += first ? CoVisitFactor(time) : 0;
        _firstEvent = _firstEvent == 0 ? time : Math.Min(_firstEvent, time);
        _lastEvent = Math.Max(_lastEvent, time);
    }

    public void CoVisit(int other, double weight, long time)
    {
        Advance(time);
        _coVisits.Add(other, weight * CoVisitFactor(time));
    }

    public void Transition(int other, double weight, long time)
    {
        Advance(time);
        var now = weight * Decay.Factor(_asOf - time, options.TransitionHalfLife);
        _transitions.Add(other, now);
        _transitionsOut += now;
    }

    public ItemActivity ToMessage(IReadOnlyList<string> names)
    {
        var message = new ItemActivity
        {
            ItemId = names[item],
            AsOfUnixMs = _asOf,
            Popularity = { _popularity },
            FirstTouches = _firstTouches,
            TransitionsOut = _transitionsOut,
            FirstEventUnixMs = _firstEvent,
            LastEventUnixMs = _lastEvent,
        };
        Write(_coVisits, message.CoVisits, names);
        Write(_transitions, message.Transitions, names);
        return message;
    }

    public void Restore(ItemActivity message, Func<string, int> intern)
    {
        _asOf = message.AsOfUnixMs;
        for (var h = 0; h < Math.Min(_popularity.Length, message.Popularity.Count); h++)
        {
            _popularity[h] = message.Popularity[h];
        }

        _firstTouches = message.FirstTouches;
        _transitionsOut = message.TransitionsOut;
        _firstEvent = message.FirstEventUnixMs;
        _lastEvent = message.LastEventUnixMs;
        foreach (var neighbour in message.CoVisits)
        {
            _coVisits.Add(intern(neighbour.ItemId), neighbour.Weight);
        }

        foreach (var neighbour in message.Transitions)
        {
            _transitions.Add(intern(neighbour.ItemId), neighbour.Weight);
        }
    }

    private static void Write(
        NeighbourList from,
        Google.Protobuf.Collections.RepeatedField<ItemActivity.Types.Neighbour> to,
        IReadOnlyList<string> names)
    {
        Span<int> order = stackalloc int[from.Count];
        Span<double> descending = stackalloc double[from.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            descending[i] = -from.Weights[i];
        }

        descending.Sort(order);
        foreach (var i in order)
        {
            // What has fallen below the smallest float says nothing any more.
            if ((float)from.Weights[i] > 0)
            {
                to.Add(new ItemActivity.Types.Neighbour { ItemId = names[from.Items[i]], Weight = (float)from.Weights[i] });
            }
        }
    }

    private void Advance(long time)
    {
        if (time <= _asOf)
        {
            return;
        }

        if (_asOf != long.MinValue)
        {
            for (var h = 0; h < PopularityHalfLives.Length; h++)
            {
                _popularity[h] *= Decay.Factor(time - _asOf, PopularityHalfLives[h]);
            }

            var coVisits = Decay.Factor(time - _asOf, options.CoVisitHalfLife);
            var transitions = Decay.Factor(time - _asOf, options.TransitionHalfLife);
            _firstTouches *= coVisits;
            _transitionsOut *= transitions;
            _coVisits.Scale(coVisits);
            _transitions.Scale(transitions);
        }

        _asOf = time;
    }

    private double CoVisitFactor(long time) => Decay.Factor(_asOf - time, options.CoVisitHalfLife);
}
