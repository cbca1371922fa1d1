using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Texts;

/// <summary>Rules that fields of events, items and users share. Each violation says what to do. Pure.</summary>
internal static class FieldRules
{
    private const long MinSeconds = -62135596800;
    private const long MaxSeconds = 253402300799;
    private const int NanosPerSecond = 1_000_000_000;

    /// <summary>An item's id that must be there, and is no key of ours.</summary>
    public static void RequireItemId(this Violations violations, string field, string id, int limit)
    {
        violations.RequireId(field, id, limit);
        violations.Require(
            !id.StartsWith(Keys.ActivityMarkerPrefix, StringComparison.Ordinal),
            field,
            $"begins with \"{Keys.ActivityMarkerPrefix}\", as keys of Strata's own do: send another id");
    }

    /// <summary>A text, already normalised, that may be empty.</summary>
    public static void LimitText(this Violations violations, string field, string text, int limit)
    {
        violations.Require(!IdRules.IsLonger(text, limit), field, $"is longer than {Number(limit)} characters: shorten it");
        violations.RequireCharacters(field, text);
    }

    /// <summary>A text, already normalised, limited by its bytes.</summary>
    public static void LimitBytes(this Violations violations, string field, string text, int limit)
    {
        violations.Require(
            Encoding.UTF8.GetByteCount(text) <= limit, field, $"is longer than {Number(limit)} bytes of UTF-8: shorten it");
        violations.RequireCharacters(field, text);
    }

    /// <summary>A list of texts.</summary>
    public static void LimitCount(this Violations violations, string field, int count, int limit)
        => violations.Require(count <= limit, field, $"has {Number(count)} entries: send at most {Number(limit)}");

    /// <summary>How many entries a batch has.</summary>
    public static void RequireBatch(this Violations violations, string field, int count, int limit)
        => violations.Require(count >= 1 && count <= limit, field, $"has {Number(count)} entries: send 1 to {Number(limit)} in a call");

    /// <summary>A time within a range; null when it is not.</summary>
    public static DateTimeOffset? RequireTime(
        this Violations violations,
        string field,
        Timestamp time,
        DateTimeOffset from,
        DateTimeOffset to)
    {
        if (time.Seconds is < MinSeconds or > MaxSeconds || time.Nanos is < 0 or >= NanosPerSecond)
        {
            violations.Add(field, "is no time of the years 1 to 9999: send seconds and nanos since 1970 in UTC");
            return null;
        }

        var value = time.ToDateTimeOffset();
        if (value > to)
        {
            violations.Add(
                field,
                $"{Time(value)} lies in the future (now allowed up to {Time(to)}): check the producer's clock and its unit, "
                + "or leave the field out to take the time of receipt");
            return null;
        }

        if (value < from)
        {
            violations.Add(
                field,
                $"{Time(value)} is before {Time(from)}: check the unit (seconds, not milliseconds), "
                + "or leave the field out to take the time of receipt");
            return null;
        }

        return value;
    }

    private static void RequireCharacters(this Violations violations, string field, string text)
    {
        if (IdRules.NoCharacter(text) is { } rune)
        {
            violations.Add(field, $"has U+{rune.Value:X4}, which is no character: take it out");
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
