using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;

namespace Strata.Local.Tests.Fuzz;

/// <summary>Values of fields: some that are meant, some that nobody should mean. Equal seeds draw equal values.</summary>
internal sealed class FuzzValues(Random random)
{
    private static readonly string[] Users = ["ann", "bob", "größe", "a/b", "a%2Fb", "u 1", "shopper-0001", "\U0001F600"];
    private static readonly string[] Items = ["item-1", "item-2", "item-3", "sku/7", "sku%2F7", "café", "nobody-put-it"];
    private static readonly string[] Words = ["red shoes", "bee hive", "microphone", "jeu de rôle", "日本語", "<b>bold</b>"];

    private static readonly string[] Hostile =
    [
        "", " ", ".", "..", "/", "//", "%", "%25", "%2e%2e", "?", "#", "&", "=", "\\", "\"", "'", "{", "}", "[]", "null", "\0", "\u0001",
        "\r\n", "\t", "\u007f", "\u0085", "\u200b", "\u202e", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\ufdd0", "\U0001FFFE", "\ud800",
        "\udc00", "e\u0301", "marker:5", "layer:1", "set", "{u:x}:profile", "-1", "0", "1e3", "2.5", "NaN", "Infinity", "4294967296",
        "18446744073709551616", "true", "v1:0:0:0000000000000001", "v1:999:-1:zz", "2026-11-28", "2026-11-28t22:14:38z",
        "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-14:00", "2026-11-28T23:59:60Z", "CLICK", "__proto__",
        "$.event", "event.user_id", new('x', 129), new('é', 600), new('x', 5000),
    ];

    private static readonly string[] Segments =
    [
        "caf%E9", "u%ZZ", "u%2", "%", "%C3%28", "%ED%A0%80", "%F8%88%80%80%80", "..%2f..", "%2E%2E", "a;b=c", "a+b", "*", "{user_id}",
    ];

    private static readonly string[] Numbers =
    [
        "0", "1", "2", "5", "10", "100", "101", "-1", "1.0", "1e2", "1e400", "-0", "0.5", "4294967295", "4294967296", "9007199254740993",
        "18446744073709551615", "18446744073709551616", "\"3\"", "\"2.5\"", "\"\"", "\"NaN\"", "\"-Infinity\"", "true", "null",
    ];

    public bool Chance(double probability) => random.NextDouble() < probability;

    public int Next(int below) => random.Next(below);

    public T One<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A text for a field of this name.</summary>
    public string Text(string field)
    {
        if (Chance(.2))
        {
            return Chance(.5) ? One(Hostile) : One(Users) + One(Hostile) + One(Words);
        }

        return field switch
        {
            "user_id" => One(Users),
            "item_id" or "exclude_item_ids" => One(Items),
            "query" or "title" or "description" or "tags" or "categories" => One(Words),
            "as_of" => Chance(.7) ? "" : One(Hostile),
            _ => Chance(.6) ? "" : One(Users),
        };
    }

    /// <summary>A number as JSON has it, or as it should not.</summary>
    public string Number() => Chance(.6) ? random.Next(5).ToString(CultureInfo.InvariantCulture) : One(Numbers);

    /// <summary>The name or number of a value of an enum, as JSON or an address may have it.</summary>
    public string Enum(EnumDescriptor type)
    {
        var value = One(type.Values.ToArray());
        return random.Next(8) switch
        {
            0 => value.Number.ToString(CultureInfo.InvariantCulture),
            1 => value.Name.ToLowerInvariant(),
            2 => value.Name[(value.Name.LastIndexOf('_') + 1)..],
            3 => One(Hostile),
            4 => "99",
            _ => value.Name,
        };
    }

    /// <summary>A part of an address: encoded once, or in a way that it should not be.</summary>
    public string Segment(string text) => random.Next(12) switch
    {
        0 => Uri.EscapeDataString(Uri.EscapeDataString(Whole(text))),
        1 => One(Segments),
        _ => Uri.EscapeDataString(Whole(text)),
    };

    /// <summary>The bytes with some of them changed, cut off or doubled.</summary>
    public byte[] Break(byte[] bytes)
    {
        var broken = bytes.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            switch (random.Next(4))
            {
                case 0 when broken.Count > 0:
                    broken[random.Next(broken.Count)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when broken.Count > 0:
                    broken.RemoveRange(random.Next(broken.Count), 1);
                    break;
                case 2:
                    broken.Insert(random.Next(broken.Count + 1), (byte)random.Next(256));
                    break;
                default:
                    broken.RemoveRange(broken.Count / 2, broken.Count - (broken.Count / 2));
                    break;
            }
        }

        return [.. broken];
    }

    /// <summary>As UTF-8 has it: half a surrogate pair becomes U+FFFD.</summary>
    public static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
