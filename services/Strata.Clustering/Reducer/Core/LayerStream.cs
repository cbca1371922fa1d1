using Strata.Clustering.Layers;
using Strata.Clustering.Moves;

namespace Strata.Clustering.Reducer.Core;

/// <summary>
/// The reducer's whole step, without a host: apply a delta, keep a sample of its points, and at the beginning of an epoch let layers move.
/// </summary>
public sealed class LayerStream(LayerSet set, LayersOptions options)
{
    private Reservoir _reservoir = Empty(set);

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
        if (Set.Epoch == epoch)
        {
            return (outcome, []);
        }

        (Set, var moves) = LayerReassignment.Step(Set, _reservoir.Points, options);
        return (outcome, moves);
    }

    /// <summary>Makes a move that an operator asked for; the reason when it cannot be made.</summary>
    public (LayerMove? Move, string? Refusal) Make(RequestedMove request)
    {
        (Set, var move, var refusal) = LayerReassignment.Make(Set, request, _reservoir.Points, options);
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

    private static Reservoir Empty(LayerSet set) => new(set.Samples, set.SampleHalfLifePoints, set.Mean);
}
