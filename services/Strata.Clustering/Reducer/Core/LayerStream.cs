using Strata.Clustering.Layers;
using Strata.Clustering.Moves;
using Strata.Numerics;

namespace Strata.Clustering.Reducer.Core;

/// <summary>
/// The reducer's whole step, without a host: apply a delta, keep a sample of its points, and at the beginning of an epoch let layers move.
/// </summary>
public sealed class LayerStream(LayerSet set, LayersOptions options)
{
    // As many as a seeding looks at: what items weigh is known from these.
    private const int MostItems = 16_384;

    private const int MostAnswers = 64;

    private Reservoir _reservoir = Empty(set);
    private float[] _items = [];

    public LayerSet Set { get; private set; } = set;

    /// <summary>A sample of recent searches.</summary>
    public IReadOnlyList<Sample> Queries => _reservoir.Queries;

    /// <summary>
    /// Absorbs the delta at <paramref name="offset"/> of the deltas' log, <paramref name="acrossGaps"/> as <see cref="LayerSetReducer"/>
    /// says.
    /// </summary>
    /// <exception cref="LayerDeltaGapException">The delta does not follow the last one of its partition.</exception>
    public (LayerDeltaOutcome Outcome, IReadOnlyList<LayerMove> Moves) Absorb(
        long offset, LayerDelta delta, bool acrossGaps = false)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var epoch = Set.Epoch;
        (Set, var outcome) = LayerSetReducer.Apply(Set, delta, acrossGaps);
        Recall(offset, delta);
        if (outcome != LayerDeltaOutcome.Applied)
        {
            return (outcome, []);
        }

        Set = Set with { SamplesFrom = _reservoir.From };
        if (Set.Epoch == epoch || (_items.Length == 0 && ItemsWeigh))
        {
            return (outcome, []);
        }

        (Set, var moves) = LayerReassignment.Step(Set, _reservoir.Points, options, _items);
        return (outcome, moves);
    }

    /// <summary>
    /// Makes a move that an operator asked for; the reason when it cannot be made. The set says which, for the last few requests.
    /// </summary>
    public (LayerMove? Move, string? Refusal) Make(RequestedMove request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (Set, var move, var refusal) = LayerReassignment.Make(Set, request, _reservoir.Points, options, _items);
        if (request.RequestId.Length > 0)
        {
            var answer = new MoveAnswer(request.RequestId, move is null ? null : Set.History.Changes[^1], refusal ?? "");
            Set = Set with { Answers = [.. Set.Answers.Skip(Set.Answers.Length + 1 - MostAnswers), answer] };
        }

        return (move, refusal);
    }

    /// <summary>
    /// Takes the samples of a delta that the set already holds: when a reducer starts, it reads those from
    /// <see cref="LayerSet.SamplesFrom"/> on again. There it cannot tell which of them had come twice, so one that comes twice is sampled
    /// twice in any case.
    /// </summary>
    public void Recall(long offset, LayerDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        if (delta.Seeding == Set.Seeding)
        {
            _reservoir.Add(offset, delta);
        }
    }

    /// <summary>Goes on with a newly seeded set.</summary>
    public void Reseed(LayerSet set)
    {
        Set = set;
        _reservoir = Empty(set);
        _items = [];
    }

    /// <summary>
    /// Shows the catalogue, on which moves are judged beside recent points: where items weigh, nothing moves before it has been shown.
    /// </summary>
    /// <param name="vectors">Raw vectors of the items, in an order that is the same for the same catalogue.</param>
    public void Show(IReadOnlyList<Int8Vector> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (!ItemsWeigh)
        {
            return;
        }

        var every = Math.Max(1, (vectors.Count + MostItems - 1) / MostItems);
        var rows = new float[vectors.Count / every * Set.Dimensions];
        var count = 0;
        for (var i = 0; (i + 1) * every <= vectors.Count; i++)
        {
            var row = rows.AsSpan(count * Set.Dimensions, Set.Dimensions);
            count += vectors[i * every].Dimensions == Set.Dimensions && vectors[i * every].TryCentre(Set.Mean.Span, row) ? 1 : 0;
        }

        _items = rows[..(count * Set.Dimensions)];
    }

    /// <summary>Gives the layers their groups; sums and version stay.</summary>
    public void Group(IReadOnlyDictionary<uint, LayerGroup> groups, uint nextGroupId)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Set = Set with
        {
            NextGroupId = nextGroupId,
            Layers = [.. Set.Layers.Select(layer => groups.TryGetValue(layer.Id, out var group) ? layer with { Group = group } : layer)],
        };
    }

    /// <summary>Gives the layers their names; sums and version stay.</summary>
    public void Name(IReadOnlyDictionary<uint, LayerName> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Set = Set with
        {
            Layers = [.. Set.Layers.Select(layer => names.TryGetValue(layer.Id, out var name) ? layer with { Name = name } : layer)],
        };
    }

    private bool ItemsWeigh => Set.Layers.Any(layer => layer.CatalogueWeight > 0);

    private static Reservoir Empty(LayerSet set) => new(set.Samples, set.SampleHalfLifePoints, set.Mean);
}
