using Strata.Clustering.Catalogue;
using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Clustering.Naming;
using Strata.Clustering.Naming.Core;
using Strata.Clustering.Reducer.Core;

namespace Strata.Clustering.Reducer;

/// <summary>
/// Keeps the layers named and grouped: at once after a seeding, then whenever the set or the catalogue changed, at a bounded cost.
/// </summary>
internal sealed class LayerNames(
    ItemTable catalogue, TitleBook titles, ReducerOptions options, GroupsOptions groups, ReducerMetrics metrics, TimeProvider clock)
{
    private const int CostShare = 20;

    private long _namedAt;
    private (ulong Version, long Changes)? _named;
    private TimeSpan _cost;

    /// <summary>True when the names may be out of date and it is time to look.</summary>
    public bool IsDue(LayerSet set)
        => catalogue.IsCaughtUp
            && (_named is not { } named
                || (named != (set.Version, Changes) && clock.GetElapsedTime(_namedAt) is var since && since >= options.NameEvery
                    && since >= _cost * CostShare));

    /// <summary>
    /// Names and groups the layers of a stream, and returns those that are called otherwise, or stand otherwise, than before.
    /// </summary>
    public IReadOnlySet<uint> Refresh(LayerStream stream)
    {
        var set = stream.Set;
        var start = clock.GetTimestamp();
        var changes = Changes;
        var (encoder, items) = catalogue.Snapshot();
        var names = encoder == set.Encoder
            ? LayerNaming.Name(set, items, stream.Queries).ToDictionary(name => name.Key, name => WithTitle(name.Value))
            : [];
        var (grouped, nextGroupId) = LayerGrouping.Of(set, groups);
        _named = (set.Version, changes);
        _namedAt = clock.GetTimestamp();
        _cost = clock.GetElapsedTime(start, _namedAt);
        metrics.Naming(_cost);
        var changed = set.Layers
            .Where(layer => grouped[layer.Id] != layer.Group || (names.TryGetValue(layer.Id, out var name) && !name.SameAs(layer.Name)))
            .Select(layer => layer.Id).ToHashSet();
        if (changed.Count > 0)
        {
            stream.Name(names);
            stream.Group(grouped, nextGroupId);
        }

        titles.Ask(
            [.. Enumerable.Range(0, set.Count).Select(i => TitleQuestion.Of(stream.Set, i, catalogue.TitleOf)).OfType<TitleQuestion>()]);
        return changed;
    }

    /// <summary>Takes the titles of a set that was published before.</summary>
    public void Recall(LayerSet set)
    {
        foreach (var title in set.Layers.Select(layer => layer.Name?.Title).OfType<LayerTitle>())
        {
            titles.Recall(title);
        }
    }

    // Titles change the names as items do.
    private long Changes => catalogue.Changes + titles.Changes;

    private LayerName WithTitle(LayerName name)
        => titles.TryGet(TitleQuestion.HashOf(name), out var title) ? name with { Title = title } : name;
}
