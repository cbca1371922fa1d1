using Strata.Evaluator.Datasets;

namespace Strata.Evaluator.Search;

/// <summary>How well an item answers a query: a line of a CSV <c>query,item,esci</c>.</summary>
/// <param name="Query">Query.</param>
/// <param name="Item">Item.</param>
/// <param name="Gain">1 for an exact match (E), 0.1 for a substitute (S), 0.01 for a complement (C), 0 else (I).</param>
internal sealed record Judgment(string Query, string Item, double Gain)
{
    private static readonly string[] Columns = ["query", "item", "esci"];

    public static IReadOnlyList<Judgment> Read(string path) => DatasetFile.ReadCsv(
        path,
        Columns,
        "query,item,esci",
        (csv, _) => new Judgment(
            csv.GetField("query")!,
            csv.GetField("item")!,
            csv.GetField("esci") switch { "E" => 1, "S" => 0.1, "C" => 0.01, _ => 0 }));
}
