using System.Collections.Concurrent;
using Strata.Numerics;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Index.Core;

/// <summary>
/// What a request reads the catalogue through: the parts as they were when the view was published, taken once. Nothing of it changes
/// afterwards.
/// </summary>
public sealed class CatalogueView
{
    // An item keeps its index for good, so all views share the dictionary.
    private readonly ConcurrentDictionary<string, int> _indexes;

    // By slot, once somebody asked; whoever asks at the same time finds the same.
    private string[]?[] _words = [];

    internal CatalogueView(ConcurrentDictionary<string, int> indexes)
    {
        _indexes = indexes;
    }

    /// <summary>Items known when the view was made, by index below this.</summary>
    public required int Count { get; init; }

    public required ItemArrays Items { get; init; }

    public required VectorStore Vectors { get; init; }

    public required LayerView Layers { get; init; }

    /// <summary>Users in layers of their own.</summary>
    public SegmentView Segments { get; init; } = SegmentView.None;

    /// <summary>Who belongs to which layer of it.</summary>
    public required LayerAssignment Assignment { get; init; }

    /// <summary>Alive items by popularity, one list a half-life (<see cref="HalfLives"/>).</summary>
    public required IReadOnlyList<RankedList> Popular { get; init; }

    /// <summary>Alive items by birth, newest first.</summary>
    public required RankedList Fresh { get; init; }

    /// <summary>
    /// Event time that the activity has reached, Unix milliseconds, by a clock that no single item's events move
    /// (<see cref="StreamClock{TSource}"/>); 0: none.
    /// </summary>
    public required long StreamTimeMs { get; init; }

    /// <summary>Document frequencies.</summary>
    public required TermStatistics Terms { get; init; }

    /// <summary>Index of an item; −1: unknown to this view.</summary>
    public int IndexOf(string itemId) => _indexes.TryGetValue(itemId, out var index) && index < Count ? index : -1;

    /// <summary>Words of a layer as people write them; none for "no layer".</summary>
    public IReadOnlyList<string> WordsOf(int slot)
    {
        if (Layers[slot] is not { } layer)
        {
            return [];
        }

        var words = Volatile.Read(ref _words);
        if (words.Length == 0)
        {
            words = new string[]?[Layers.Count];
            Volatile.Write(ref _words, words);
        }

        return words[slot] ??= [.. layer.Words.Select(word => Terms.Readable(word.Term)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The item is in the catalogue at <paramref name="nowMs"/>.</summary>
    public bool IsAlive(int item, long nowMs) => Items.AliveFromMs[item] <= nowMs;

    /// <summary>
    /// Slot of a layer, or where it is gone the slots of its heirs: each has the share of the touched items that lie in it, as Clustering
    /// moves a user's weight; where none lies in any, its share of the items of all.
    /// </summary>
    public IEnumerable<(int Slot, float Share)> HeirsOf(uint layerId, IEnumerable<string> touchedItemIds)
    {
        (int Slot, float Share)[] heirs = [.. Layers.SlotsOf(layerId)];
        if (heirs.Length < 2)
        {
            return heirs;
        }

        int[] slots = [.. touchedItemIds.Select(id => Assignment.SlotOf(IndexOf(id))).Where(slot => heirs.Any(heir => heir.Slot == slot))];
        return slots.Length == 0 ? heirs : slots.CountBy(slot => slot).Select(heir => (heir.Key, (float)heir.Value / slots.Length));
    }
}
