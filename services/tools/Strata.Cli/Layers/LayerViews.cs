using System.Globalization;
using Spectre.Console;
using Strata.Contracts.Layers.V1;

namespace Strata.Cli.Layers;

/// <summary>A layer in a list.</summary>
/// <param name="LayerId">Its id.</param>
/// <param name="Words">Its words, best first.</param>
/// <param name="Items">Items of it.</param>
/// <param name="Share">Share of all interest, 0 to 1.</param>
/// <param name="Trend">log2 of how its share changed within a day.</param>
/// <param name="GroupId">Its small group; 0: none yet.</param>
internal sealed record LayerRow(uint LayerId, IReadOnlyList<string> Words, uint Items, double Share, double Trend, uint GroupId)
{
    public static LayerRow Of(LayerSummary layer)
        => new(layer.LayerId, [.. layer.Words], layer.Items, layer.Share, layer.Trend, layer.GroupId);

    public static void Print(IAnsiConsole console, IReadOnlyList<LayerRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("layer", "words", "items", "share", "trend", "group");
        foreach (var row in rows)
        {
            table.AddRow(
                row.LayerId.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(", ", row.Words.Take(6))),
                row.Items.ToString("N0", CultureInfo.InvariantCulture),
                row.Share.ToString("P1", CultureInfo.InvariantCulture),
                row.Trend.ToString("+0.0;-0.0;0", CultureInfo.InvariantCulture),
                row.GroupId == 0 ? "" : row.GroupId.ToString(CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}

/// <summary>Something that happened to a layer.</summary>
/// <param name="Version">Version of the layer set that it made.</param>
/// <param name="What">seeded, born, absorbed, split, merged, died.</param>
/// <param name="Others">The other layers of it.</param>
/// <param name="Why">Why.</param>
internal sealed record LayerStep(ulong Version, string What, IReadOnlyList<uint> Others, string Why);

/// <summary>A layer with what is near it and what it came from.</summary>
/// <param name="Layer">As in a list; null: it is gone.</param>
/// <param name="Examples">Titles of the items nearest to its centre.</param>
/// <param name="Neighbours">The nearest layers, each with its cosine and words.</param>
/// <param name="Steps">What happened to it, oldest first.</param>
/// <param name="Heirs">Where the weight of one that is gone lies: layer and share.</param>
internal sealed record LayerDetail(
    LayerRow? Layer,
    IReadOnlyList<string> Examples,
    IReadOnlyList<LayerNeighbour> Neighbours,
    IReadOnlyList<LayerStep> Steps,
    IReadOnlyList<LayerHeir> Heirs)
{
    public static LayerDetail Of(LayerSummary? layer, GetLayerLineageResponse lineage) => new(
        layer is null ? null : LayerRow.Of(layer),
        layer is null ? [] : [.. layer.Examples.Select(example => example.Title)],
        layer is null ? [] : [.. layer.Neighbours.Select(near => new LayerNeighbour(near.LayerId, near.Cosine, [.. near.Words]))],
        [
            .. lineage.Steps.Select(step => new LayerStep(
                step.Version, step.Kind.ToString().ToLowerInvariant(), [.. step.OtherLayerIds], step.Why)),
        ],
        [.. lineage.Heirs.Select(heir => new LayerHeir(heir.LayerId, heir.Share))]);

    public static void Print(IAnsiConsole console, LayerDetail detail)
    {
        if (detail.Layer is { } layer)
        {
            LayerRow.Print(console, [layer]);
        }

        Lines("items", detail.Examples);
        Lines("near", detail.Neighbours.Select(near => string.Create(
            CultureInfo.InvariantCulture, $"{near.LayerId} ({near.Cosine:0.00}): {string.Join(", ", near.Words.Take(4))}")));
        Lines("life", detail.Steps.Select(step => string.Create(
            CultureInfo.InvariantCulture, $"version {step.Version}: {step.What} {string.Join(", ", step.Others)} {step.Why}")));
        Lines("its weight is in", detail.Heirs.Select(heir => string.Create(
            CultureInfo.InvariantCulture, $"{heir.LayerId}: {heir.Share:P0}")));

        void Lines(string name, IEnumerable<string> lines)
        {
            foreach (var line in lines)
            {
                console.WriteLine($"{name}: {line.TrimEnd()}");
            }
        }
    }
}

/// <summary>A layer near another one.</summary>
internal sealed record LayerNeighbour(uint LayerId, double Cosine, IReadOnlyList<string> Words);

/// <summary>A live layer that holds a share, 0 to 1, of one that is gone.</summary>
internal sealed record LayerHeir(uint LayerId, double Share);

/// <summary>A move as it was made.</summary>
/// <param name="Version">Version of the layer set that shows it.</param>
/// <param name="Removed">The layer that went.</param>
/// <param name="MergedInto">The one that took its items.</param>
/// <param name="Split">The one that was split.</param>
/// <param name="Born">Its parts.</param>
internal sealed record LayerMoveView(ulong Version, uint Removed, uint MergedInto, uint Split, IReadOnlyList<uint> Born)
{
    public static LayerMoveView Of(MoveLayerResponse made)
        => new(made.Version, made.RemovedLayerId, made.MergedIntoLayerId, made.SplitLayerId, [.. made.BornLayerIds]);

    public static void Print(IAnsiConsole console, LayerMoveView move) => console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"version {move.Version}: {move.Removed} went into {move.MergedInto}, {move.Split} was split into "
            + $"{string.Join(" and ", move.Born)}"));
}
