using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Strata.Contracts.Catalog.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Catalog.Core;

/// <summary>What is told of an item beside its texts: price, availability, picture, attributes. Limits are the contract's. Pure.</summary>
internal static partial class OfferRules
{
    private const double HighestPrice = 1e12;
    private const int LongestAddress = 2_048;
    private const int MostAttributes = 32;
    private const int LongestName = 64;
    private const int LongestValue = 256;
    private const int AttributeBytes = 8 * 1024;

    /// <summary>Carries what was sent over to the item that is published.</summary>
    public static void Clean(Item sent, Item clean, string field, Func<string, string> plain, Violations violations)
    {
        clean.Price = PriceOf(sent.Price, $"{field}.price", violations);
        clean.Availability = sent.Availability;
        clean.PictureUrl = sent.PictureUrl.Trim();
        clean.Hidden = sent.Hidden;
        violations.Require(
            Enum.IsDefined(sent.Availability),
            $"{field}.availability",
            $"is {(int)sent.Availability}, which is none: send in_stock, out_of_stock, preorder, backorder or discontinued");
        violations.Require(
            clean.PictureUrl.Length == 0 || IsAddress(clean.PictureUrl),
            $"{field}.picture_url",
            $"is no http or https address of at most {LongestAddress} characters: send where the picture lies, or leave it out");
        foreach (var (name, value) in sent.Attributes)
        {
            clean.Attributes[plain(name)] = plain(value);
        }

        Check(clean.Attributes, $"{field}.attributes", violations);
    }

    private static Price? PriceOf(Price? sent, string field, Violations violations)
    {
        if (sent is null)
        {
            return null;
        }

        var clean = new Price { Amount = sent.Amount, Currency = sent.Currency.Trim().ToUpperInvariant() };
        violations.Require(
            clean.Amount is >= 0 and <= HighestPrice,
            $"{field}.amount",
            string.Create(CultureInfo.InvariantCulture, $"is {clean.Amount}: send 0 to {HighestPrice}, in the currency's unit"));
        violations.Require(Currency().IsMatch(clean.Currency), $"{field}.currency", "is no ISO 4217 code: send three letters, \"EUR\"");
        return clean;
    }

    // Neither names nor values stand in the field's path: it becomes a metric's tag.
    private static void Check(MapField<string, string> attributes, string field, Violations violations)
    {
        violations.LimitCount(field, attributes.Count, MostAttributes);
        violations.Require(!attributes.ContainsKey(""), field, "has an empty name: name what is told");
        violations.Require(
            attributes.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value)) <= AttributeBytes,
            field,
            $"is longer than {AttributeBytes} bytes of UTF-8: send fewer or shorter ones");
        foreach (var (name, value) in attributes)
        {
            violations.LimitText(field, name, LongestName);
            violations.LimitText(field, value, LongestValue);
        }
    }

    private static bool IsAddress(string text)
        => text.Length <= LongestAddress && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    [GeneratedRegex("^[A-Z]{3}$")]
    private static partial Regex Currency();
}
