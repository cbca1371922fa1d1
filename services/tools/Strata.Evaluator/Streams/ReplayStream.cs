using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Evaluator.Datasets;

namespace Strata.Evaluator.Streams;

/// <summary>
/// A data set as dense numbers: events in the order of time, user and line; items in the order of their creation and of the catalogue, so
/// that the items alive at a time are the first so many. Items without a creation are alive from the start: taking the first event for a
/// birth would tell what will be touched.
/// </summary>
internal sealed class ReplayStream
{
    private readonly HashSet<(int User, int Item)> _seen = [];

    private ReplayStream(Item[] items, int users, int count)
    {
        Items = items;
        Users = new string[users];
        CreatedMs = [.. items.Select(item => item.Created is { } created ? created.ToDateTimeOffset().ToUnixTimeMilliseconds() : 0)];
        HasCreated = CreatedMs.Any(time => time > 0);
        (Time, User, Item) = (new long[count], new int[count], new int[count]);
        (Kind, Tested, First) = (new EventKind[count], new bool[count], new bool[count]);
    }

    /// <summary>The catalogue, oldest first.</summary>
    public Item[] Items { get; }

    public string[] Users { get; }

    /// <summary>When each item came to be, Unix milliseconds; 0: always there.</summary>
    public long[] CreatedMs { get; }

    /// <summary>The catalogue says when items came to be.</summary>
    public bool HasCreated { get; }

    /// <summary>Number of events.</summary>
    public int Count { get; private set; }

    /// <summary>Event time, Unix milliseconds, never before the item's creation.</summary>
    public long[] Time { get; }

    /// <summary>User of each event.</summary>
    public int[] User { get; }

    /// <summary>Item of each event; −1 for a search.</summary>
    public int[] Item { get; }

    /// <summary>Kind of each event.</summary>
    public EventKind[] Kind { get; }

    /// <summary>The event's type is one that may be tested.</summary>
    public bool[] Tested { get; }

    /// <summary>The user's first event with this item.</summary>
    public bool[] First { get; }

    /// <summary>What was searched, by event.</summary>
    public Dictionary<int, string> Queries { get; } = [];

    /// <summary>Events left out because the catalogue does not know their item.</summary>
    public int Unknown { get; private init; }

    /// <summary>Makes a stream of a data set.</summary>
    public static ReplayStream Of(IReadOnlyList<Item> catalogue, IReadOnlyList<DatasetEvent> events, ReplayOptions options)
    {
        var items = catalogue.GroupBy(item => item.ItemId, StringComparer.Ordinal).Select(group => group.Last())
            .OrderBy(item => item.Created?.ToDateTimeOffset() ?? DateTimeOffset.MinValue).ToArray();
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Length; i++)
        {
            indexes[items[i].ItemId] = i;
        }

        var dateOnly = options.DateOnly ?? MidnightTypes(events);
        var ofCatalogue = events.Where(e => e.Kind == EventKind.Search || indexes.ContainsKey(e.Item)).ToList();
        var known = ofCatalogue.Select(e => (Event: e, Time: TimeOf(e, dateOnly, items, indexes)))
            .Where(e => options.Until is not { } until || e.Time < until.ToUnixTimeMilliseconds())
            .OrderBy(e => e.Time).ThenBy(e => e.Event.User, StringComparer.Ordinal).ThenBy(e => e.Event.Line).ToList();
        var users = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (e, _) in known)
        {
            users.TryAdd(e.User, users.Count);
        }

        var stream = new ReplayStream(items, users.Count, known.Count) { Unknown = events.Count - ofCatalogue.Count };
        foreach (var (id, user) in users)
        {
            stream.Users[user] = id;
        }

        stream.AppendAll(known, users, indexes, options.NotScored);
        return stream;
    }

    /// <summary>An empty stream that is filled by <see cref="Append"/>, in the order of time.</summary>
    /// <param name="items">The catalogue, oldest first.</param>
    /// <param name="users">All users.</param>
    /// <param name="capacity">Most events.</param>
    public static ReplayStream Open(Item[] items, IReadOnlyList<string> users, int capacity)
    {
        var stream = new ReplayStream(items, users.Count, capacity);
        for (var user = 0; user < users.Count; user++)
        {
            stream.Users[user] = users[user];
        }

        return stream;
    }

    /// <summary>Adds an event and returns its index.</summary>
    public int Append(long timeMs, int user, EventKind kind, int item, string query)
    {
        var index = Count++;
        (Time[index], User[index], Kind[index], Item[index]) = (timeMs, user, kind, item);
        First[index] = item >= 0 && _seen.Add((user, item));
        if (item < 0)
        {
            Queries[index] = query;
        }

        return index;
    }

    /// <summary>Items alive at a time: those before this index.</summary>
    public int AliveAt(long timeMs)
    {
        var (low, high) = (0, CreatedMs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = CreatedMs[middle] <= timeMs ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>End of the basket (one user, one time) that the event at <paramref name="index"/> belongs to.</summary>
    public int BasketEnd(int index)
    {
        var end = index + 1;
        while (end < Count && User[end] == User[index] && Time[end] == Time[index])
        {
            end++;
        }

        return end;
    }

    private void AppendAll(
        List<(DatasetEvent Event, long Time)> events,
        Dictionary<string, int> users,
        Dictionary<string, int> indexes,
        IReadOnlyList<string> notScored)
    {
        foreach (var (e, time) in events)
        {
            var search = e.Kind == EventKind.Search;
            var index = Append(time, users[e.User], e.Kind, search ? -1 : indexes[e.Item], e.Query);
            Tested[index] = !search && e.Kind != EventKind.Dismiss && !notScored.Contains(e.Type, StringComparer.OrdinalIgnoreCase);
        }
    }

    private static long TimeOf(DatasetEvent e, IReadOnlyList<string> dateOnly, Item[] items, Dictionary<string, int> indexes)
    {
        var time = dateOnly.Contains(e.Type, StringComparer.OrdinalIgnoreCase)
            ? new DateTimeOffset(e.Time.Date, TimeSpan.Zero).AddDays(1).AddSeconds(-1)
            : e.Time;
        var created = e.Kind == EventKind.Search ? null : items[indexes[e.Item]].Created?.ToDateTimeOffset();
        return (created > time ? created.Value : time).ToUnixTimeMilliseconds();
    }

    // A file that has times and, for some type, midnight only: that type carries a date.
    private static List<string> MidnightTypes(IReadOnlyList<DatasetEvent> events)
    {
        var types = events.GroupBy(e => e.Type, StringComparer.OrdinalIgnoreCase)
            .Select(group => (Type: group.Key, Midnight: group.All(e => e.Time.TimeOfDay == TimeSpan.Zero)))
            .ToList();
        return types.TrueForAll(type => type.Midnight) ? [] : [.. types.Where(type => type.Midnight).Select(type => type.Type)];
    }
}
