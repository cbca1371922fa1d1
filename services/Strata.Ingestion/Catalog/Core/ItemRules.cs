using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Catalog.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Catalog.Core;

/// <summary>Says whether an item can be taken, and makes the item that is published. Pure.</summary>
internal static class ItemRules
{
    /// <summary>The item to publish; only good when nothing was added to <paramref name="violations"/>.</summary>
    /// <param name="sent">What the producer sent; not changed.</param>
    /// <param name="field">Path of the item, for example "items[3]".</param>
    /// <param name="options">Limits.</param>
    /// <param name="now">Time of receipt.</param>
    /// <param name="violations">Takes what is wrong.</param>
    public static Item Clean(Item sent, string field, CatalogOptions options, DateTimeOffset now, Violations violations)
    {
        var clean = new Item
        {
            ItemId = sent.ItemId,
            Title = PlainText.Normalise(sent.Title),
            Description = PlainText.Normalise(sent.Description),
            Categories = { Words(sent.Categories) },
            Tags = { Words(sent.Tags) },
            Created = sent.Created,
            Group = PlainText.Normalise(sent.Group),
            Updated = now.ToTimestamp(),
        };
        violations.RequireItemId($"{field}.item_id", clean.ItemId, options.MaxIdLength);
        violations.Require(clean.Title.Length > 0, $"{field}.title", "is required: an item is found and shown by its title");
        violations.LimitText($"{field}.title", clean.Title, options.MaxTitleLength);
        violations.LimitText($"{field}.group", clean.Group, options.MaxIdLength);
        violations.LimitBytes($"{field}.description", clean.Description, options.MaxDescriptionBytes);
        CheckWords($"{field}.categories", clean.Categories, options.MaxCategories, options.MaxWordLength, violations);
        CheckWords($"{field}.tags", clean.Tags, options.MaxTags, options.MaxWordLength, violations);
        if (sent.Created is not null)
        {
            violations.RequireTime($"{field}.created", sent.Created, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        }

        return clean;
    }

    /// <summary>Words without the empty ones.</summary>
    private static IEnumerable<string> Words(RepeatedField<string> sent) => sent.Select(PlainText.Normalise).Where(w => w.Length > 0);

    private static void CheckWords(string field, RepeatedField<string> words, int count, int length, Violations violations)
    {
        violations.LimitCount(field, words.Count, count);
        for (var i = 0; i < words.Count; i++)
        {
            violations.LimitText($"{field}[{i}]", words[i], length);
        }
    }
}
