using System.Collections.Immutable;

namespace Strata.Clustering.Layers;

/// <summary>Which live layers took over from layers that are gone. Rows always point to living layers; the oldest fall off.</summary>
public sealed class Lineage
{
    public const int Limit = 4096;

    private readonly ImmutableArray<Heir> _rows;
    private readonly Dictionary<uint, List<Heir>> _byGone = [];

    private Lineage(ImmutableArray<Heir> rows)
    {
        _rows = rows;
        foreach (var row in rows)
        {
            if (!_byGone.TryGetValue(row.Gone, out var heirs))
            {
                _byGone[row.Gone] = heirs = [];
            }

            heirs.Add(row);
        }
    }

    public static Lineage Empty { get; } = new([]);

    /// <summary>All rows, the newest last.</summary>
    public IReadOnlyList<Heir> Rows => _rows;

    /// <summary>A lineage of rows as they were published.</summary>
    public static Lineage Of(IEnumerable<Heir> rows) => new([.. rows]);

    /// <summary>Heirs of a layer that is gone; empty when it lives or is forgotten.</summary>
    public IReadOnlyList<Heir> HeirsOf(uint gone) => _byGone.TryGetValue(gone, out var heirs) ? heirs : [];

    /// <summary>
    /// The lineage after <paramref name="gone"/> left its weight to <paramref name="heirs"/>, whose shares sum to 1: rows that pointed to
    /// it point to them.
    /// </summary>
    public Lineage With(uint gone, params ReadOnlySpan<(uint Heir, float Share)> heirs)
    {
        var rows = new List<Heir>();
        var at = new Dictionary<(uint, uint), int>();
        foreach (var row in _rows)
        {
            if (row.Live != gone)
            {
                Append(row);
                continue;
            }

            foreach (var (heir, share) in heirs)
            {
                Append(new Heir(row.Gone, heir, row.Share * share));
            }
        }

        foreach (var (heir, share) in heirs)
        {
            Append(new Heir(gone, heir, share));
        }

        return new Lineage([.. rows.Skip(OldestToKeep(rows))]);

        void Append(Heir row)
        {
            if (at.TryGetValue((row.Gone, row.Live), out var index))
            {
                rows[index] = row with { Share = rows[index].Share + row.Share };
                return;
            }

            at[(row.Gone, row.Live)] = rows.Count;
            rows.Add(row);
        }
    }

    // A gone layer is forgotten as a whole: half of its heirs would be half of its weight.
    private static int OldestToKeep(List<Heir> rows)
    {
        var skip = Math.Max(0, rows.Count - Limit);
        while (skip > 0 && skip < rows.Count && rows[skip].Gone == rows[skip - 1].Gone)
        {
            skip++;
        }

        return skip;
    }
}

/// <summary>A live layer that took over a share of one that is gone.</summary>
/// <param name="Gone">The layer that is gone.</param>
/// <param name="Live">Its heir.</param>
/// <param name="Share">Share of its weight, 0 to 1.</param>
public readonly record struct Heir(uint Gone, uint Live, float Share);
