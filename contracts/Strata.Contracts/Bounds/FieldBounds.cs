using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Common.V1;

namespace Strata.Contracts.Bounds;

/// <summary>
/// What a field of each kind may hold. Every check answers null, or what is wrong in words. Wider than what Ingestion lets in: here it only
/// counts that whoever reads the field can go on with it.
/// </summary>
internal static class FieldBounds
{
    /// <summary>Characters of an id.</summary>
    public const int IdLength = 1_024;

    /// <summary>Characters of any other text.</summary>
    public const int TextLength = 65_536;

    /// <summary>Characters of an item's description.</summary>
    public const int DescriptionLength = 524_288;

    /// <summary>Bytes of an item's pictures together: what a broker takes as one record.</summary>
    public const long PictureBytes = 1_048_576;

    /// <summary>Components of a vector.</summary>
    public const int Dimensions = 4_096;

    /// <summary>
    /// Length of a vector that should be a unit long: its square is a float still, and whoever compares vectors scales them first.
    /// </summary>
    public const double Norm = 1_000_000;

    /// <summary>Any counter, version or offset: exact as a double, and no sum of them overflows.</summary>
    public const long Count = 1L << 52;

    /// <summary>Entries of a list whose length its writer bounds to some dozens.</summary>
    public const int Few = 1_024;

    /// <summary>Entries of a list that has one for each layer, candidate or act.</summary>
    public const int Several = 65_536;

    /// <summary>Partitions of a topic.</summary>
    public const int Partitions = 16_384;

    /// <summary>Any decayed count or weight. Its square is a float still.</summary>
    public const double Amount = 1e15;

    // Years 1 and 9999, the range of .NET's times.
    private const long EarliestMs = -62_135_596_800_000;
    private const long LatestMs = 253_402_300_799_999;
    private const int NanosPerSecond = 1_000_000_000;

    public static string? Id(string field, string value) => Text(field, value, IdLength);

    public static string? Text(string field, string value, int length = TextLength)
        => value.Length <= length ? null : Say($"{field} has {value.Length} characters, more than {length}");

    /// <summary>Milliseconds since 1970 of something that happened; 0 where it is not known.</summary>
    public static string? Time(string field, long unixMs)
        => TimeBounds.Holds(unixMs) ? null : Say($"{field} is {unixMs}, no time between 1970 and 2100 in milliseconds");

    public static string? Time(string field, Timestamp? time)
        => time is null || (Nanos(time) && time.Seconds >= 0 && time.Seconds < TimeBounds.NewestMs / 1000)
            ? null
            : Say($"{field} is {time.Seconds} s and {time.Nanos} ns, no time between 1970 and 2100");

    /// <summary>When an item came to be: a book may be older than 1970.</summary>
    public static string? Birth(string field, long unixMs)
        => unixMs is >= EarliestMs and <= LatestMs ? null : Say($"{field} is {unixMs}, no time of the years 1 to 9999 in milliseconds");

    public static string? Birth(string field, Timestamp? time)
        => time is null || (Nanos(time) && time.Seconds is >= EarliestMs / 1000 and <= LatestMs / 1000)
            ? null
            : Say($"{field} is {time.Seconds} s and {time.Nanos} ns, no time of the years 1 to 9999");

    public static string? Number(string field, double value, double least, double most)
        => value >= least && value <= most ? null : Say($"{field} is {value}, not between {least} and {most}");

    public static string? Counter(string field, long value, long least = 0, long most = Count)
        => value >= least && value <= most ? null : Say($"{field} is {value}, not between {least} and {most}");

    public static string? Counter(string field, ulong value, long most = Count)
        => value <= (ulong)most ? null : Say($"{field} is {value}, more than {most}");

    public static string? Many(string field, int count, int most)
        => count <= most ? null : Say($"{field} has {count} entries, more than {most}");

    /// <summary>Lists that belong together, entry by entry.</summary>
    public static string? Aligned(string field, int count, int expected)
        => count == expected ? null : Say($"{field} has {count} entries where {expected} belong");

    public static string? Each<T>(RepeatedField<T> values, string field, int most, Func<T, string?> fault)
    {
        if (Many(field, values.Count, most) is { } many)
        {
            return many;
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (fault(values[i]) is { } found)
            {
                return Say($"{field}[{i}]: {found}");
            }
        }

        return null;
    }

    /// <summary>Texts by name.</summary>
    public static string? Each(MapField<string, string> values, string field, int most)
    {
        if (Many(field, values.Count, most) is { } many)
        {
            return many;
        }

        foreach (var (name, text) in values)
        {
            if ((Text("name", name, IdLength) ?? Text("value", text)) is { } found)
            {
                return Say($"{field}: {found}");
            }
        }

        return null;
    }

    public static string? Numbers(string field, RepeatedField<double> values, int most, double least = -Amount)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (!(values[i] >= least && values[i] <= Amount))
            {
                return Say($"{field}[{i}] is {values[i]}, not between {least} and {Amount}");
            }
        }

        return Many(field, values.Count, most);
    }

    public static string? Numbers(string field, RepeatedField<float> values, int most, double least = -Amount)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (!(values[i] >= least && values[i] <= Amount))
            {
                return Say($"{field}[{i}] is {values[i]}, not between {least} and {Amount}");
            }
        }

        return Many(field, values.Count, most);
    }

    /// <summary>A vector of floats that is a unit long, or nothing.</summary>
    public static string? Unit(string field, RepeatedField<float> values)
    {
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (double)value * value;
        }

        return Many(field, values.Count, Dimensions) ?? Number($"the length of {field}", Math.Sqrt(squares), 0, Norm);
    }

    /// <summary>A vector in bytes; an absent one is the reader's matter.</summary>
    public static string? Packed(string field, Vector? vector)
    {
        if (vector is null)
        {
            return null;
        }

        var squares = 0L;
        foreach (var code in vector.Codes.Span)
        {
            squares += (sbyte)code * (sbyte)code;
        }

        return Many($"{field}.codes", vector.Codes.Length, Dimensions)
            ?? (vector.Scale > 0 || vector.Codes.IsEmpty ? null : Say($"{field}.scale is {vector.Scale}, not above 0"))
            ?? Number($"the length of {field}", vector.Scale * Math.Sqrt(squares), 0, Norm);
    }

    public static string? Term(TermWeight term) => Text("term", term.Term) ?? Number("weight", term.Weight, 0, Amount);

    public static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);

    private static bool Nanos(Timestamp time) => time.Nanos is >= 0 and < NanosPerSecond;
}
