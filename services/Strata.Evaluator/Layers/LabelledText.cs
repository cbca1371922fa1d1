using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Strata.Evaluator.Datasets;

namespace Strata.Evaluator.Layers;

/// <summary>A line of a CSV <c>label,text</c>.</summary>
internal sealed record LabelledText(string Label, string Text)
{
    public static IReadOnlyList<LabelledText> Read(string path)
    {
        using var csv = new CsvReader(DatasetFile.OpenText(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord is not { } header || !header.Contains("label") || !header.Contains("text"))
        {
            throw new DatasetException($"'{path}' must start with the line label,text.");
        }

        var texts = new List<LabelledText>();
        while (csv.Read())
        {
            texts.Add(new LabelledText(csv.GetField("label")!, csv.GetField("text")!));
        }

        return texts.Count > 0 ? texts : throw new DatasetException($"'{path}' has no text.");
    }
}
