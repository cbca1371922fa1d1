using Strata.Contracts.Features.V1;
using Strata.Featurizer.TfIdf.Core;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Items.Core;

/// <summary>
/// What a batch of items changes. Pure. Document frequencies are counted first and stored first, so a batch that is read again may find
/// them counted and the items not yet written, never the other way round: what is below the frequencies' fence is not counted again, and
/// the terms that a later version replaces are known from the stored item or from the batch itself.
/// </summary>
internal static class ItemPlan
{
    /// <summary>
    /// Counts the terms of the batch into <paramref name="vocabulary"/> and returns the newest change of each item that its stored value
    /// does not hold yet, with the time since when its title is what it is.
    /// </summary>
    /// <param name="changes">The batch in the order of the log.</param>
    /// <param name="stored">The items as they are stored, by id.</param>
    /// <param name="vocabulary">Document frequencies of the partition.</param>
    /// <param name="log">Identity of the log.</param>
    /// <param name="counted">Fence of the document frequencies.</param>
    public static IReadOnlyList<ItemChange> Apply(
        IReadOnlyList<ItemChange> changes,
        IReadOnlyDictionary<string, Stored<ItemFeatures>> stored,
        Vocabulary vocabulary,
        ulong log,
        Fence counted)
    {
        var current = stored.ToDictionary(item => item.Key, item => item.Value.Message, StringComparer.Ordinal);
        var newest = new Dictionary<string, ItemChange>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            var value = stored[change.ItemId];
            var held = value.Fence().Holds(log, change.Record.Offset);
            if (!counted.Holds(log, change.Record.Offset))
            {
                Count(change, value, held, current[change.ItemId], vocabulary);
            }

            if (!held)
            {
                KeepTitle(change.Features, current[change.ItemId]);
                current[change.ItemId] = change.Features;
                newest[change.ItemId] = change;
            }
        }

        return [.. newest.Values];
    }

    // A title that stays is as old as it was.
    private static void KeepTitle(ItemFeatures? now, ItemFeatures? before)
    {
        if (now is not null && before is not null)
        {
            now.TitleSinceUnixMs = now.Title == before.Title ? before.TitleSinceUnixMs : now.UpdatedUnixMs;
        }
    }

    private static void Count(ItemChange change, Stored<ItemFeatures> value, bool held, ItemFeatures? before, Vocabulary vocabulary)
    {
        if (!held)
        {
            vocabulary.Replace(Terms(before), Terms(change.Features));
        }
        else if (change.Record.Offset == value.Fence().Next - 1)
        {
            // The item is stored and its terms are not counted: the store lost its document frequencies.
            vocabulary.Replace(null, Terms(value.Message));
        }
    }

    private static IEnumerable<string>? Terms(ItemFeatures? features) => features?.Terms.Select(term => term.Term);
}
