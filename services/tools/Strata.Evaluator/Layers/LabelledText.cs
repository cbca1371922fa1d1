using Strata.Evaluator.Datasets;
using Strata.Featurizer.Items.Core;

namespace Strata.Evaluator.Layers;

/// <summary>A line of a CSV <c>label,text</c>, or an item with the path of its category as label.</summary>
internal sealed record LabelledText(string Label, string Text)
{
    private const int CategoryLevels = 2;

    private static readonly string[] Columns = ["label", "text"];

    /// <summary>
    /// Reads a CSV, or an items file in JSON lines: then the label is the first two levels of the category, and items without are left out.
    /// </summary>
    public static IReadOnlyList<LabelledText> Read(string path, int longest)
        => DatasetFile.BareName(path).EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ReadCsv(path) : ReadItems(path, longest);

    private static List<LabelledText> ReadItems(string path, int longest)
    {
        var texts = DatasetItems.Read(path).Where(item => item.Categories.Count >= CategoryLevels)
            .Select(item => new LabelledText(string.Join(" > ", item.Categories.Take(CategoryLevels)), ItemText.ForEncoder(item, longest)))
            .ToList();
        return texts.Count > 0
            ? texts
            : throw new DatasetException(
                $"'{path}' has no item with a category of {CategoryLevels} levels. Add some, or give a CSV label,text.");
    }

    private static List<LabelledText> ReadCsv(string path)
    {
        var texts = DatasetFile.ReadCsv(
            path, Columns, "label,text", (csv, _) => new LabelledText(csv.GetField("label")!, csv.GetField("text")!));
        return texts.Count > 0 ? texts : throw new DatasetException($"'{path}' has no text. Add lines below label,text.");
    }
}
