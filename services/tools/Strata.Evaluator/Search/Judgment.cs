using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Strata.Evaluator.Datasets;

namespace Strata.Evaluator.Search;

/// <summary>How well an item answers a query: a line of a CSV <c>query,item,esci</c>.</summary>
/// <param name="Query">Query.</param>
/// <param name="Item">Item.</param>
/// <param name="Gain">1 for an exact match (E), 0.1 for a substitute (S), 0.01 for a complement (C), 0 else (I).</param>
internal sealed record Judgment(string Query, string Item, double Gain)
{
    private static readonly string[] Columns = ["query", "item", "esci"];

    public static IReadOnlyList<Judgment> Read(string path)
    {
        using var csv = new CsvReader(DatasetFile.OpenText(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord is not { } header || Columns.Except(header, StringComparer.Ordinal).Any())
        {
            throw new DatasetException($"'{path}' must start with the line query,item,esci.");
        }

        var judgments = new List<Judgment>();
        while (csv.Read())
        {
            judgments.Add(new Judgment(csv.GetField("query")!, csv.GetField("item")!, csv.GetField("esci") switch { "E" => 1, "S" => 0.1, "C" => 0.01, _ => 0 }));
        }

        return judgments;
    }
}
