using System.Globalization;
using System.IO.Hashing;
using System.Text;
using CsvHelper;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;

namespace Strata.Evaluator.Datasets;

/// <summary>A line of an events file: <c>ts,user,item,type[,quantity][,query]</c>, ISO 8601, UTC when no zone is given.</summary>
/// <param name="Line">1-based line in the file.</param>
/// <param name="Time">When it happened.</param>
/// <param name="User">User id.</param>
/// <param name="Item">Item id; of a search empty, or its query where the file has no column for it.</param>
/// <param name="Type">The file's own word.</param>
/// <param name="Quantity">Pieces; 0 when not given.</param>
/// <param name="Query">What was typed; empty for all but searches.</param>
/// <param name="Price">Price of one piece; null when not given.</param>
internal sealed record DatasetEvent(
    long Line,
    DateTimeOffset Time,
    string User,
    string Item,
    string Type,
    int Quantity,
    string Query = "",
    double? Price = null)
{
    /// <summary>The first line as it should be.</summary>
    public const string Form = "ts,user,item,type[,quantity][,query]";

    private static readonly string[] Columns = ["ts", "user", "item", "type"];

    /// <summary>One of our kinds, or a click: whatever else a site calls it, somebody chose the item.</summary>
    public EventKind Kind
        => System.Enum.TryParse<EventKind>(Type, ignoreCase: true, out var kind)
        && kind != EventKind.Unspecified
        && System.Enum.IsDefined(kind)
            ? kind
            : EventKind.Click;

    private string Subject => Kind == EventKind.Search ? Query : Item;

    /// <summary>
    /// The event as a producer sends it. Its id follows from what the line says, so that a second replay of the same lines is known as
    /// such.
    /// </summary>
    public UserEvent ToMessage()
    {
        var message = new UserEvent
        {
            EventId = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{Line}|{Time.UtcTicks}|{User}|{Subject}|{Type}"))
                .ToString("x32", CultureInfo.InvariantCulture),
            UserId = User,
            Kind = Kind,
            EventTime = Timestamp.FromDateTimeOffset(Time),
            Quantity = Quantity,
        };
        if (Price is { } price)
        {
            message.Price = price;
        }

        if (message.Kind == EventKind.Search)
        {
            message.Query = Query;
        }
        else
        {
            message.ItemId = Item;
        }

        return message;
    }

    /// <summary>
    /// Reads an events file, or a shop's order lines, in the order (time, user, line): the lines of one basket stay in their order.
    /// </summary>
    public static IReadOnlyList<DatasetEvent> Read(string path)
    {
        var events = OrderLines.Are(path) ? OrderLines.Read(path) : DatasetFile.ReadCsv(path, Columns, Form, Read);
        return [.. events.OrderBy(e => e.Time).ThenBy(e => e.User, StringComparer.Ordinal).ThenBy(e => e.Line)];
    }

    /// <summary>Writes an events file that <see cref="Read(string)"/> reads.</summary>
    public static void Write(string path, IEnumerable<DatasetEvent> events)
    {
        using var csv = new CsvWriter(new StreamWriter(path), CultureInfo.InvariantCulture);
        string[] header = [.. Columns, "query"];
        foreach (var name in header)
        {
            csv.WriteField(name);
        }

        foreach (var e in events)
        {
            csv.NextRecord();
            foreach (var field in new[] { e.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), e.User, e.Item, e.Type, e.Query })
            {
                csv.WriteField(field);
            }
        }

        csv.NextRecord();
    }

    private static DatasetEvent Read(CsvReader csv, long line)
    {
        var text = csv.GetField("ts");
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DatasetFile.Utc, out var time))
        {
            throw new FormatException($"ts '{text}' is no ISO 8601 time. Write it as 2020-01-31T12:00:00Z.");
        }

        _ = csv.TryGetField("quantity", out string? pieces);
        var quantity = 0;
        if (!string.IsNullOrEmpty(pieces) && !int.TryParse(pieces, CultureInfo.InvariantCulture, out quantity))
        {
            throw new FormatException($"quantity '{pieces}' is no whole number. Write how many pieces, or nothing.");
        }

        if (csv.GetField("user") is not { Length: > 0 })
        {
            throw new FormatException("user is empty. Write whose event it is.");
        }

        _ = csv.TryGetField("query", out string? query);
        var read = new DatasetEvent(
            line, time, csv.GetField("user")!, csv.GetField("item")!, csv.GetField("type")!, quantity, query ?? "");
        return read.Kind == EventKind.Search ? Search(read) : Act(read);
    }

    // A file without the column has the query where the item stands.
    private static DatasetEvent Search(DatasetEvent read)
    {
        var typed = read.Query.Length > 0 ? read.Query : read.Item;
        if (typed.Length == 0)
        {
            throw new FormatException("query is empty, and type is search. Write what was typed.");
        }

        return read.Query.Length > 0 && read.Item.Length > 0
            ? throw new FormatException($"item '{read.Item}' stands beside a query. A search has no item: leave it empty.")
            : read with { Query = typed };
    }

    private static DatasetEvent Act(DatasetEvent read)
    {
        if (read.Item.Length == 0)
        {
            throw new FormatException($"item is empty, and type is {read.Type}. Only a search has none.");
        }

        return read.Query.Length > 0
            ? throw new FormatException($"query '{read.Query}' stands on a {read.Type}. Only a search has one: give it a line of its own.")
            : read;
    }
}
