using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;

namespace Strata.Evaluator.Datasets;

/// <summary>A line of an events file: <c>ts,user,item,type[,quantity]</c>, ISO 8601, UTC when no zone is given.</summary>
/// <param name="Line">1-based line in the file.</param>
/// <param name="Time">When it happened.</param>
/// <param name="User">User id.</param>
/// <param name="Item">Item id; for a search the query.</param>
/// <param name="Type">The file's own word.</param>
/// <param name="Quantity">Pieces; 0 when not given.</param>
internal sealed record DatasetEvent(long Line, DateTimeOffset Time, string User, string Item, string Type, uint Quantity)
{
    private static readonly string[] Columns = ["ts", "user", "item", "type"];

    /// <summary>One of our kinds, or a click: whatever else a site calls it, somebody chose the item.</summary>
    public EventKind Kind
        => System.Enum.TryParse<EventKind>(Type, ignoreCase: true, out var kind)
        && kind != EventKind.Unspecified
        && System.Enum.IsDefined(kind)
            ? kind
            : EventKind.Click;

    /// <summary>
    /// The event as a producer sends it. Its id follows from what the line says, so that a second replay of the same lines is known as
    /// such.
    /// </summary>
    public UserEvent ToMessage()
    {
        var message = new UserEvent
        {
            EventId = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{Line}|{Time.UtcTicks}|{User}|{Item}|{Type}"))
                .ToString("x32", CultureInfo.InvariantCulture),
            UserId = User,
            Kind = Kind,
            EventTime = Timestamp.FromDateTimeOffset(Time),
            Quantity = Quantity,
        };
        if (message.Kind == EventKind.Search)
        {
            message.Query = Item;
        }
        else
        {
            message.ItemId = Item;
        }

        return message;
    }

    /// <summary>Reads an events file in the order (time, user, line): the lines of one basket stay in their order.</summary>
    public static IReadOnlyList<DatasetEvent> Read(string path)
    {
        var events = DatasetFile.ReadCsv(path, Columns, "ts,user,item,type[,quantity]", (csv, line) =>
        {
            var text = csv.GetField("ts");
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DatasetFile.Utc, out var time))
            {
                throw new FormatException($"ts '{text}' is no ISO 8601 time. Write it as 2020-01-31T12:00:00Z.");
            }

            _ = csv.TryGetField("quantity", out uint quantity);
            return new DatasetEvent(line, time, csv.GetField("user")!, csv.GetField("item")!, csv.GetField("type")!, quantity);
        });
        return [.. events.OrderBy(e => e.Time).ThenBy(e => e.User, StringComparer.Ordinal).ThenBy(e => e.Line)];
    }
}
