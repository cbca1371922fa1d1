using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Streaming.Records;

namespace Strata.Featurizer.Items.Core;

/// <summary>A record of the items, read.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Record">The record.</param>
/// <param name="Item">The item; null: it is gone.</param>
/// <param name="Features">Its features, without embedding at first; null: it is gone.</param>
internal sealed record ItemChange(string ItemId, StreamRecord Record, Item? Item, ItemFeatures? Features)
{
    /// <summary>
    /// Reads a record, its item described by <paramref name="describe"/>; false with the reason when it can never be one.
    /// </summary>
    public static bool TryRead(StreamRecord record, Func<Item, ItemFeatures> describe, out ItemChange? change, out string? reason)
    {
        change = null;
        reason = null;
        if (string.IsNullOrEmpty(record.Key))
        {
            reason = "the record has no key";
        }
        else if (record.Value is null)
        {
            change = new ItemChange(record.Key, record, null, null);
        }
        else if (record.TryParse(Contracts.Catalog.V1.Item.Parser, out var item, out reason))
        {
            if (item.ItemId != record.Key)
            {
                reason = "item_id is not the record's key";
            }
            else
            {
                change = new ItemChange(record.Key, record, item, describe(item));
            }
        }

        return change is not null;
    }
}
