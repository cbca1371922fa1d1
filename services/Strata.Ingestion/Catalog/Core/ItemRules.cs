using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Catalog.Core;

/// <summary>Says whether an item can be taken, and makes the item that is published. Pure.</summary>
internal static class ItemRules
{
    /// <summary>The item to publish; only good when nothing was added to <paramref name="violations"/>.</summary>
    /// <param name="sent">What the producer sent; not changed.</param>
    /// <param name="field">Path of the item, for example "items[3]".</param>
    /// <param name="options">Limits.</param>
    /// <param name="cleaning">Which rules are on.</param>
    /// <param name="now">Time of receipt.</param>
    /// <param name="violations">Takes what is wrong.</param>
    public static Item Clean(
        Item sent, string field, CatalogOptions options, CleaningOptions cleaning, DateTimeOffset now, Violations violations)
    {
        Func<string, string> plain = cleaning.Unicode ? PlainText.Normalise : static text => text.Trim();
        var clean = new Item
        {
            ItemId = sent.ItemId,
            Title = plain(sent.Title),
            Description = plain(sent.Description),
            Categories = { Words(sent.Categories, plain) },
            Tags = { Words(sent.Tags, plain) },
            Pictures = { sent.Pictures },
            Created = sent.Created,
            Group = plain(sent.Group),
            Updated = now.ToTimestamp(),
            Language = violations.LanguageTag($"{field}.language", sent.Language),
        };
        if (cleaning.Languages.Enabled && clean.Language.Length == 0)
        {
            clean.Language = TextLanguage.Of($"{clean.Title} {clean.Description}");
        }

        OfferRules.Clean(sent, clean, field, plain, violations);
        violations.RequireItemId($"{field}.item_id", clean.ItemId, options.MaxIdLength);
        violations.Require(
            PlainText.Shows(clean.Title), $"{field}.title", "is required, and shows nothing: an item is found and shown by its title");
        violations.LimitText($"{field}.title", clean.Title, options.MaxTitleLength);
        violations.LimitText($"{field}.group", clean.Group, options.MaxIdLength);
        violations.LimitBytes($"{field}.description", clean.Description, options.MaxDescriptionBytes);
        CheckWords($"{field}.categories", clean.Categories, options.MaxCategories, options.MaxWordLength, violations);
        CheckWords($"{field}.tags", clean.Tags, options.MaxTags, options.MaxWordLength, violations);
        violations.LimitCount($"{field}.pictures", clean.Pictures.Count, options.MaxPictures);
        violations.Require(
            clean.Pictures.Sum(picture => (long)picture.Length) <= options.MaxPictureBytes,
            $"{field}.pictures",
            $"are more than {options.MaxPictureBytes} bytes together: send smaller ones, 224 pixels of a side are looked at");
        if (sent.Created is not null)
        {
            violations.RequireTime($"{field}.created", sent.Created, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        }

        return clean;
    }

    /// <summary>True when an item's texts are others than those that were sent.</summary>
    public static bool TextsDiffer(Item sent, Item clean)
        => sent.Title != clean.Title
            || sent.Description != clean.Description
            || sent.Group != clean.Group
            || !sent.Categories.Equals(clean.Categories)
            || !sent.Tags.Equals(clean.Tags)
            || !sent.Attributes.Equals(clean.Attributes);

    /// <summary>Words without the empty ones.</summary>
    private static IEnumerable<string> Words(RepeatedField<string> sent, Func<string, string> plain)
        => sent.Select(plain).Where(word => word.Length > 0);

    private static void CheckWords(string field, RepeatedField<string> words, int count, int length, Violations violations)
    {
        violations.LimitCount(field, words.Count, count);
        for (var i = 0; i < words.Count; i++)
        {
            violations.LimitText($"{field}[{i}]", words[i], length);
        }
    }
}
