using System.Globalization;
using CsvHelper;
using Strata.Ranking.Index.Core;

namespace Strata.Cli.Export;

/// <summary>What the layers of a matrix are called: a small file beside it.</summary>
internal static class LayerFile
{
    /// <summary>Writes them, heaviest first.</summary>
    public static async Task WriteAsync(FileInfo file, CatalogueView view)
    {
        await using var csv = new CsvWriter(new StreamWriter(file.FullName), CultureInfo.InvariantCulture);
        foreach (var column in (string[])["layer_id", "words", "title", "items", "share"])
        {
            csv.WriteField(column);
        }

        await csv.NextRecordAsync();
        foreach (var slot in view.Layers.Heaviest)
        {
            var layer = view.Layers[slot]!;
            csv.WriteField(layer.LayerId);
            csv.WriteField(string.Join(' ', view.WordsOf(slot)));
            csv.WriteField(layer.Title?.Title ?? "");
            csv.WriteField(layer.Items);
            csv.WriteField(view.Layers.TotalMass > 0 ? view.Layers.MassOf(layer) / view.Layers.TotalMass : 0);
            await csv.NextRecordAsync();
        }
    }
}
