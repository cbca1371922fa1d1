using Google.Protobuf.Collections;
using Strata.Contracts.Activity.V1;

namespace Strata.Chaos.Comparison;

/// <summary>
/// Compares an item's activity with its recomputation. Neighbours rest in single precision and sums are decayed to another time before each
/// addition, so a reducer that started again differs in the last digits. Which of a full list's lightest neighbours makes room hangs on
/// these: two touches within some minutes weigh the same in single precision. So a list that is full on both sides is not compared.
/// </summary>
internal static class ActivityDifference
{
    private const double Tolerance = 1e-5;

    /// <summary>The first field that differs, with both values; null when none does.</summary>
    /// <param name="found">What was published.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="capacity">Neighbours of a full list.</param>
    public static string? Of(ItemActivity? found, ItemActivity? expected, int capacity)
    {
        if (found is null || expected is null)
        {
            return found is null && expected is null ? null : found is null ? "it is not there" : "it is there";
        }

        return Numbers("popularity", found.Popularity, expected.Popularity)
            ?? Numbers("first touches", [found.FirstTouches], [expected.FirstTouches])
            ?? Numbers("transitions out", [found.TransitionsOut], [expected.TransitionsOut])
            ?? Numbers(
                "times",
                [found.AsOfUnixMs, found.FirstEventUnixMs, found.LastEventUnixMs],
                [expected.AsOfUnixMs, expected.FirstEventUnixMs, expected.LastEventUnixMs])
            ?? Neighbours("co-visits", found.CoVisits, expected.CoVisits, capacity)
            ?? Neighbours("transitions", found.Transitions, expected.Transitions, capacity);
    }

    private static string? Neighbours(
        string field,
        RepeatedField<ItemActivity.Types.Neighbour> found,
        RepeatedField<ItemActivity.Types.Neighbour> expected,
        int capacity)
    {
        if (found.Count == capacity && expected.Count == capacity)
        {
            return null;
        }

        var a = found.OrderBy(n => n.ItemId, StringComparer.Ordinal).ToList();
        var b = expected.OrderBy(n => n.ItemId, StringComparer.Ordinal).ToList();
        return a.Select(n => n.ItemId).SequenceEqual(b.Select(n => n.ItemId))
            ? Numbers(field, a.Select(n => (double)n.Weight), b.Select(n => (double)n.Weight))
            : $"{field}: {string.Join(' ', a.Select(n => n.ItemId))}, expected {string.Join(' ', b.Select(n => n.ItemId))}";
    }

    private static string? Numbers(string field, IEnumerable<double> found, IEnumerable<double> expected)
        => found.Count() == expected.Count()
            && found.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * Math.Max(1, Math.Abs(pair.Second)))
                ? null
                : $"{field}: {string.Join(' ', found)}, expected {string.Join(' ', expected)}";
}
