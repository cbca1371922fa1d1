using Strata.Clustering.Groups;

namespace Strata.Clustering.Layers;

/// <summary>The reducer's whole step, without a host: apply a delta, keep its samples, and at the beginning of an epoch let layers move.</summary>
public sealed class LayerStream(LayerSet set, LayersOptions options)
{
    private readonly SampleWindow _window = new(options.SampledDeltas, options.Samples);

    /// <summary>The newest set.</summary>
    public LayerSet Set { get; private set; } = set;

    /// <summary>Absorbs the delta at <paramref name="offset"/> of the deltas' log.</summary>
    /// <exception cref="LayerDeltaGapException">The delta does not follow the last one of its partition.</exception>
    public (DeltaOutcome Outcome, IReadOnlyList<LayerMove> Moves) Absorb(long offset, LayerDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var epoch = Set.Epoch;
        (Set, var outcome) = LayerSetReducer.Apply(Set, delta);
        Recall(offset, delta);
        if (outcome != DeltaOutcome.Applied || Set.Epoch == epoch)
        {
            return (outcome, []);
        }

        (Set, var moves) = Relocation.Step(Set, _window.Samples, options);
        return (outcome, moves);
    }

    /// <summary>Makes a move that an operator asked for at <paramref name="offset"/> of the deltas' log; the reason when it cannot be made.</summary>
    public (LayerMove? Move, string? Refusal) Make(long offset, RequestedMove request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _window.Trim(offset);
        (Set, var move, var refusal) = request.Apply(Set, _window.Samples, options);
        return (move, refusal);
    }

    /// <summary>
    /// Takes the samples of a delta that the set already holds: when a reducer starts, it reads the last deltas again. There it cannot tell which of them had come twice, so one that
    /// comes twice is sampled twice in any case.
    /// </summary>
    public void Recall(long offset, LayerDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        if (delta.Seeding == Set.Seeding)
        {
            _window.Add(offset, delta);
        }
    }

    /// <summary>Goes on with a newly seeded set.</summary>
    public void Reseed(LayerSet set)
    {
        Set = set;
        _window.Clear();
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
        Set = Set with { Layers = [.. Set.Layers.Select(layer => names.TryGetValue(layer.Id, out var name) ? layer with { Name = name } : layer)] };
    }
}
