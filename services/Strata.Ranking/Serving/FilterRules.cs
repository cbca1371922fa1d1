using System.Globalization;
using Google.Protobuf.Collections;
using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;

namespace Strata.Ranking.Serving;

/// <summary>What a filter must be like.</summary>
internal static class FilterRules
{
    private const string Field = "filter";
    private const int MostLayers = 64;
    private const int MostWords = 32;
    private const int MostAttributes = 16;
    private const int LongestWord = 256;

    public static void Check(Violations violations, ItemFilter? filter)
    {
        if (filter is null)
        {
            return;
        }

        Limit(violations, "layer_ids", filter.LayerIds.Count, MostLayers);
        Limit(violations, "avoid_layer_ids", filter.AvoidLayerIds.Count, MostLayers);
        CheckWords(violations, "categories", filter.Categories);
        CheckWords(violations, "avoid_categories", filter.AvoidCategories);
        CheckWords(violations, "tags", filter.Tags);
        CheckWords(violations, "avoid_tags", filter.AvoidTags);
        CheckPrices(violations, filter);
        Limit(violations, "availability", filter.Availability.Count, MostWords);
        violations.Require(
            filter.Availability.All(Enum.IsDefined),
            $"{Field}.availability",
            "has a value that is none: send in_stock, out_of_stock, preorder, backorder, discontinued or unspecified");
        Limit(violations, "attributes", filter.Attributes.Count, MostAttributes);
        foreach (var wanted in filter.Attributes)
        {
            violations.Require(
                wanted.Name.Length > 0 && !IdRules.IsLonger(wanted.Name, LongestWord),
                $"{Field}.attributes.name",
                $"is empty or longer than {LongestWord} characters: name the attribute");
            CheckWords(violations, "attributes.any_of", wanted.AnyOf);
        }
    }

    private static void CheckPrices(Violations violations, ItemFilter filter)
    {
        RequireAmount("min_price", filter.HasMinPrice ? filter.MinPrice : 0);
        RequireAmount("max_price", filter.HasMaxPrice ? filter.MaxPrice : 0);
        violations.Require(
            !filter.HasMinPrice || !filter.HasMaxPrice || !(filter.MinPrice > filter.MaxPrice),
            $"{Field}.max_price",
            "is below min_price: no item costs that");
        violations.Require(
            filter.Currency is "" || (filter.Currency.Length == 3 && filter.Currency.All(char.IsAsciiLetterUpper)),
            $"{Field}.currency",
            "is no ISO 4217 code: send three capitals, \"EUR\", or leave it out");

        void RequireAmount(string field, double amount) => violations.Require(
            amount is >= 0 and < double.PositiveInfinity,
            $"{Field}.{field}",
            string.Create(CultureInfo.InvariantCulture, $"is {amount}: send an amount of 0 or more, or leave it out"));
    }

    private static void CheckWords(Violations violations, string field, RepeatedField<string> words)
    {
        Limit(violations, field, words.Count, MostWords);
        violations.Require(
            !words.Any(word => IdRules.IsLonger(word, LongestWord)),
            $"{Field}.{field}",
            $"has a text of more than {LongestWord} characters: no item has such a one");
    }

    private static void Limit(Violations violations, string field, int count, int most)
        => violations.Require(count <= most, $"{Field}.{field}", $"has {count} entries: send at most {most}");
}
