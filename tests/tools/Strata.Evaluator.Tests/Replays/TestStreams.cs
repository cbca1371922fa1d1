using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Tests.Replays;

/// <summary>Small streams written by hand: one event an hour from 2024-01-01 on unless a time is given.</summary>
internal static class TestStreams
{
    public static DateTimeOffset Start { get; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Events as <c>user item</c> or <c>user item type</c>, one an hour.</summary>
    public static ReplayStream Hourly(ReplayOptions options, int items, params string[] events)
        => ReplayStream.Of(Catalogue(items), [.. events.Select((text, hour) => Event(hour + 1, Start.AddHours(hour), text))], options);

    public static Item[] Catalogue(int items)
        => [.. Enumerable.Range(0, items).Select(i => new Item { ItemId = $"i{i}", Title = $"thing number {i}" })];

    public static Item Created(string id, DateTimeOffset time)
        => new() { ItemId = id, Title = id, Created = Timestamp.FromDateTimeOffset(time) };

    public static DatasetEvent Event(long line, DateTimeOffset time, string text)
    {
        var parts = text.Split(' ');
        var type = parts.Length > 2 ? parts[2] : "click";
        return type == "search"
            ? new DatasetEvent(line, time, parts[0], "", type, 0, parts[1])
            : new DatasetEvent(line, time, parts[0], parts[1], type, 0);
    }
}
