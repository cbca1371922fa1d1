using Strata.Contracts.Layers.V1;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>A candidate that may come to the next position, and with which probability.</summary>
internal readonly record struct PositionChoice(int Candidate, double Probability);

/// <summary>What remains while a slate is being filled.</summary>
internal sealed class OpenPositions
{
    // Candidates that diversity may bring forward: the best by score, this many and three a position.
    private const int Pool = 50;

    private readonly RankingRequest _request;
    private readonly LayerDistribution _layers;
    private readonly int[] _order;
    private readonly int[] _slots;
    private readonly bool[] _taken;
    private readonly PlacedLikeness _likeness;
    private readonly double _penalty;
    private readonly double[] _values;
    private readonly TellingCandidates _telling;
    private readonly List<int> _unplaced;
    private readonly List<PositionChoice> _firsts = [];
    private readonly List<PositionChoice> _choices = [];

    // Positions, by slot, that layers held long since still keep.
    private readonly Dictionary<int, int> _kept;
    private readonly LayerDebts _debts;
    private readonly WaitingVariants _waiting;
    private readonly RuledPositions _ruled;
    private bool _released;

    public OpenPositions(RankingRequest request, LayerDistribution layers, int count, SlateOptions options)
    {
        (_request, _layers) = (request, layers);
        _order = new int[request.Count];
        var negated = new double[request.Count];
        for (var candidate = 0; candidate < _order.Length; candidate++)
        {
            (_order[candidate], negated[candidate]) = (candidate, -request.ScoreOf(candidate));
        }

        Array.Sort(negated, _order);
        var pool = Math.Min(_order.Length, Pool + (3 * count));
        // Where all scores are equal any deviation serves: what a slate is laid by then decides alone.
        var deviation = ScoreSpread.Of(negated.AsSpan(0, pool)) is > 0 and var spread ? spread : 1;
        _slots = new int[_order.Length];
        _taken = new bool[_order.Length];
        (_waiting, _ruled) = (new WaitingVariants(request, options.Variants), new RuledPositions(request));
        for (var candidate = 0; candidate < _slots.Length; candidate++)
        {
            _slots[candidate] = request.View.Assignment.SlotOf(request.Items[candidate]);
        }

        _values = new double[_order.Length];
        for (var candidate = 0; candidate < _values.Length; candidate++)
        {
            var gain = request.Controls.Of(_slots[candidate]) == LayerAction.Boost ? options.Boost * deviation : 0;
            _values[candidate] = request.ScoreOf(candidate) + gain;
        }

        if (request.Controls.Wanted.Any())
        {
            _order = [.. _order.OrderByDescending(candidate => _values[candidate])];
        }

        _unplaced = [.. request.Controls.Wanted.Where(slot => request.Controls.Of(slot) == LayerAction.Pin)];
        _kept = layers.Layers.Select(layer => (layer.Slot, Places: (int)Math.Round(layer.Held * count)))
            .Where(layer => layer.Places > 0).ToDictionary(layer => layer.Slot, layer => layer.Places);
        _likeness = new PlacedLikeness(request, request.Constraints.Diversity is null ? _order.AsSpan(0, pool) : _order);
        _penalty = PlacedLikeness.PriceFor(request.Constraints, options) * deviation;
        _telling = new TellingCandidates(request, _order, _slots, _values, options.Curiosity * deviation, layers, options.OneInterest);
        var (slots, worth) = (request.View.Layers.Count + 1, options.OneInterest ? 0 : options.Calibration * deviation);
        _debts = request.Text.Searching
            ? new LayerDebts(layers, slots, worth * options.CalibrationAfterSearch) : new LayerDebts(layers, slots, worth, count);
    }

    public int SlotOf(int candidate) => _slots[candidate];

    /// <summary>
    /// The one candidate that a layer is owed now, because otherwise the <paramref name="left"/> positions would not be enough for the
    /// pinned layers, one each, and then for what held layers keep; null when none is.
    /// </summary>
    public List<PositionChoice>? Owed(int left)
    {
        if (_unplaced.Count == 0 && _kept.Count == 0)
        {
            return null;
        }

        var pinned = _unplaced.Select(slot => FirstOf(slot, evenBuried: true)).Where(candidate => candidate >= 0).ToList();
        var kept = _kept.Where(layer => !_unplaced.Contains(layer.Key)).Select(layer => (First: FirstOf(layer.Key), Places: layer.Value))
            .Where(layer => layer.First >= 0).ToList();
        if (pinned.Count + kept.Sum(layer => layer.Places) < left)
        {
            return null;
        }

        var owed = pinned.Count >= left ? pinned : [.. pinned, .. kept.Select(layer => layer.First)];
        return owed.Count > 0 ? [new PositionChoice(owed.MaxBy(candidate => _values[candidate]), 1)] : null;
    }

    /// <summary>The candidate that an operator's rule pins to the next position; null: none does.</summary>
    public (string Rule, int Candidate)? Pinned()
        => _released || !_ruled.Any
            ? null
            : _ruled.Pinned(speaks => _order.FirstOrDefault(candidate => speaks[candidate] && IsOpen(candidate), -1));

    /// <summary>
    /// Nothing is left but what waits: lets it come, what is like others first, then what is buried. False: nothing may come any more.
    /// </summary>
    public bool Release()
    {
        _released = true;
        return _waiting.Release() || _ruled.Release();
    }

    /// <summary>
    /// All candidates that may come to the next position, the best by score first; probabilities sum to 1. Empty: all that is left waits.
    /// Until the next call.
    /// </summary>
    public List<PositionChoice> Choose(double exploration)
    {
        var best = Best();
        _firsts.Clear();
        _choices.Clear();
        if (best < 0)
        {
            return _choices;
        }

        var total = 0.0;
        var telling = exploration > 0 ? _telling.MostBySlot(IsOpen) : [];
        foreach (var layer in exploration > 0 ? _layers.Layers : [])
        {
            if (layer.Probability > 0 && telling[layer.Slot] is >= 0 and var candidate)
            {
                var weight = layer.Probability * layer.Doubt;
                _firsts.Add(new PositionChoice(candidate, weight));
                total += weight;
            }
        }

        _choices.Add(new(best, total > 0 ? 1 - exploration : 1));
        foreach (var first in _firsts)
        {
            var probability = exploration * first.Probability / total;
            if (first.Candidate == best)
            {
                _choices[0] = new PositionChoice(best, _choices[0].Probability + probability);
            }
            else
            {
                _choices.Add(new PositionChoice(first.Candidate, probability));
            }
        }

        return _choices;
    }

    /// <summary>Places a candidate.</summary>
    /// <param name="candidate">Which.</param>
    /// <param name="pin">The operator's rule that pinned it; null: none did.</param>
    public void Take(int candidate, string? pin = null)
    {
        _taken[candidate] = true;
        _unplaced.Remove(_slots[candidate]);
        if (_kept.TryGetValue(_slots[candidate], out var places) && places > 1)
        {
            _kept[_slots[candidate]] = places - 1;
        }
        else
        {
            _kept.Remove(_slots[candidate]);
        }

        _debts.Place(_slots[candidate]);
        _waiting.Place(candidate);
        _ruled.Place(candidate, pin);
        if (_penalty > 0)
        {
            _likeness.Place(candidate);
        }
    }

    private bool IsOpen(int candidate) => MayCome(candidate) && !_ruled.Buries(candidate);

    // Open, but for what operators bury.
    private bool MayCome(int candidate) => !_taken[candidate] && !_waiting.Holds(candidate) && !_ruled.Caps(candidate);

    private int Best()
    {
        var (best, bestValue, most) = (-1, double.NegativeInfinity, _debts.Most());
        foreach (var candidate in _order)
        {
            // In order of value: once the value and the most that any layer is owed are not enough, no later candidate's are.
            if (_values[candidate] + most <= bestValue)
            {
                break;
            }

            // Likeness only grows: who is not better with what is known of it needs no more comparing.
            var debt = _debts.Of(_slots[candidate]);
            if (IsOpen(candidate) && ValueOf(candidate, _likeness.AtLeast(candidate), debt) > bestValue
                && ValueOf(candidate, _likeness.Of(candidate), debt) is var value && value > bestValue)
            {
                (best, bestValue) = (candidate, value);
            }
        }

        return best;
    }

    private double ValueOf(int candidate, float likeness, double debt) => _values[candidate] - (_penalty * likeness) + debt;

    // What a user pinned comes though an operator buries it.
    private int FirstOf(int slot, bool evenBuried = false)
    {
        foreach (var candidate in _order)
        {
            if (_slots[candidate] == slot && (evenBuried ? MayCome(candidate) : IsOpen(candidate)))
            {
                return candidate;
            }
        }

        return -1;
    }
}
