using Strata.Contracts.Catalog.V1;

namespace Strata.Evaluator.Datasets;

/// <summary>Items and events of one data set.</summary>
/// <param name="Items">The catalogue, in the file's order.</param>
/// <param name="Events">Events in the order of time, user and line.</param>
internal sealed record Dataset(IReadOnlyList<Item> Items, IReadOnlyList<DatasetEvent> Events)
{
    /// <summary>
    /// Reads the items file and, if there is one, the events file of <paramref name="folder"/>, or <paramref name="eventsFile"/> in its
    /// place; at most <paramref name="limit"/> events unless it is 0.
    /// </summary>
    public static Dataset Open(string folder, int limit, string? eventsFile = null)
    {
        var items = DatasetFile.FindIn(folder, "items", ".csv", ".jsonl")
            ?? throw new DatasetException($"'{folder}' has no items*.csv or items*.jsonl (.gz). Add the items that the events are about.");
        var events = (eventsFile ?? DatasetFile.FindIn(folder, "events", ".csv")) is { } path ? DatasetEvent.Read(path) : [];
        return new Dataset(DatasetItems.Read(items), limit > 0 ? [.. events.Take(limit)] : events);
    }
}
