namespace Strata.Clustering.Layers;

/// <summary>
/// A move that an operator asked for. K stays, as in every move: a merge gives the place that falls free to the layer whose split saves most, a split takes the place of the layer that is needed
/// least.
/// </summary>
/// <param name="LayerId">The layer that is merged away or split.</param>
/// <param name="IntoLayerId">The layer that takes its mass; 0: a split.</param>
public sealed record RequestedMove(uint LayerId, uint IntoLayerId)
{
    /// <summary>The set after the move; the same set, with the reason, when it cannot be made.</summary>
    /// <param name="set">The set.</param>
    /// <param name="points">Recent points.</param>
    /// <param name="options">Limits; age and gain don't bind an operator.</param>
    public (LayerSet Set, LayerMove? Move, string? Refusal) Apply(LayerSet set, CentredPoints points, LayersOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        var (layer, into) = (set.IndexOf(LayerId), set.IndexOf(IntoLayerId));
        if (layer < 0 || (into < 0 && IntoLayerId != 0) || layer == into)
        {
            return (set, null, "a layer of it does not live, or is merged into itself");
        }

        if (set.Count < 3)
        {
            return (set, null, "there are too few layers to move one");
        }

        var evidence = new MoveEvidence(set, points);
        var layers = Enumerable.Range(0, set.Count);
        var removed = into >= 0 ? layer : evidence.LeastNeeded(layers.Where(i => i != layer));
        if (evidence.BestSplit(into >= 0 ? layers.Where(i => i != removed && i != into) : [layer], options.MoveMembers, double.NegativeInfinity) is not { } split)
        {
            return (set, null, $"no layer that may be split has {options.MoveMembers} recent points that fall into two parts");
        }

        var next = set with { Version = set.Version + 1 };
        var (moved, move) = Relocation.Move(next, removed, evidence.NeedOf(removed), split, into, requested: true);
        return (moved, move, null);
    }
}
