using System.Globalization;
using CsvHelper;

namespace Strata.Evaluator.Datasets;

/// <summary>
/// Order lines as a shop's accounts have them, nothing left out: cancelled invoices with their negative quantities, sales to nobody known,
/// postage and fees among the products. What of it is an interest is the matter of whoever takes it in.
/// </summary>
internal static class OrderLines
{
    private const string Form = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    private static readonly string[] Columns = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"];

    /// <summary>True when a file's first line says that it has such lines.</summary>
    public static bool Are(string path)
    {
        using var text = DatasetFile.OpenText(path);
        return text.ReadLine() is { } header && header.StartsWith(Columns[0], StringComparison.Ordinal);
    }

    /// <summary>Every line as a purchase, in the file's order.</summary>
    public static IReadOnlyList<DatasetEvent> Read(string path) => DatasetFile.ReadCsv(path, Columns, Form, Read);

    private static DatasetEvent Read(CsvReader csv, long line)
        => new(
            line,
            DateTimeOffset.TryParse(csv.GetField("InvoiceDate"), CultureInfo.InvariantCulture, DatasetFile.Utc, out var time)
                ? time
                : throw new FormatException($"InvoiceDate '{csv.GetField("InvoiceDate")}' is no ISO 8601 time."),
            csv.GetField("CustomerID") is { } user and not "NA" ? user : string.Empty,
            csv.GetField("StockCode")!,
            "purchase",
            int.TryParse(csv.GetField("Quantity"), CultureInfo.InvariantCulture, out var quantity)
                ? quantity
                : throw new FormatException($"Quantity '{csv.GetField("Quantity")}' is no whole number."),
            Price: double.TryParse(csv.GetField("UnitPrice"), CultureInfo.InvariantCulture, out var price)
                ? price
                : throw new FormatException($"UnitPrice '{csv.GetField("UnitPrice")}' is no number."));
}
