using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Strata.Local.Tests.Fuzz;

/// <summary>Messages made from their descriptors: as JSON, which may be broken in any way, and as protobuf.</summary>
internal sealed class FuzzMessages(FuzzValues values)
{
    private static readonly string[] NoMessages =
        ["", "null", "[]", "\"x\"", "1", "{", "{\"a\":}", "{}{}", "\ufeff{}", "{\"\\ud800\":1}", "{'a':1}", "// x", "NaN", "\0"];

    private static readonly string[] Times =
    [
        "\"2025-03-01T12:00:00Z\"", "\"2025-03-01t12:00:00.25z\"", "\"2025-03-01T12:00:00-00:00\"", "\"2025-03-01\"", "\"\"", "1700000000",
        "\"0000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999999Z\"", "\"2025-03-01T12:00:00+15:00\"", "{\"seconds\":1}", "\"soon\"",
    ];

    /// <summary>JSON for a message, deep within others at most four times.</summary>
    public string Json(MessageDescriptor message, IReadOnlyCollection<string> without, int depth = 0)
    {
        if (values.Chance(.015))
        {
            return values.Chance(.1) ? new string('[', 2000) : values.One(NoMessages);
        }

        if (message.FullName == Timestamp.Descriptor.FullName)
        {
            return values.One(Times);
        }

        var fields = new List<string>();
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => !without.Contains(field.Name) || values.Chance(.1)))
        {
            if (values.Chance(Skipped(field)))
            {
                continue;
            }

            fields.Add($"\"{Name(field)}\":{Value(field, depth)}");
            if (values.Chance(.01))
            {
                fields.Add($"\"{Name(field)}\":{Value(field, depth)}");
            }
        }

        return $"{{{string.Join(',', fields)}}}";
    }

    /// <summary>A message with some of its fields.</summary>
    public IMessage Message(MessageDescriptor descriptor, int depth = 0)
    {
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in descriptor.Fields.InDeclarationOrder().Where(field => !values.Chance(Skipped(field))))
        {
            if (field.IsMap)
            {
                var map = (IDictionary)field.Accessor.GetValue(message);
                for (var count = values.Next(3); count > 0; count--)
                {
                    map[FuzzValues.Whole(values.Text(field.Name))] = FuzzValues.Whole(values.Text(field.Name));
                }
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var count = values.Chance(.01) ? 250 : values.Next(3); count > 0; count--)
                {
                    list.Add(Single(field, depth));
                }
            }
            else
            {
                field.Accessor.SetValue(message, Single(field, depth));
            }
        }

        return message;
    }

    /// <summary>The value of a field in an address.</summary>
    public string InAddress(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => values.Text(field.Name),
        FieldType.Enum => values.Enum(field.EnumType),
        FieldType.Bool => values.One(["true", "false", "1", "TRUE", ""]),
        _ => values.Number().Trim('"'),
    };

    private static double Skipped(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message when field.Name is "event" or "items" or "users" => .02,
        FieldType.Message => .8,
        _ when field.Name is "user_id" or "kind" or "title" or "action" or "layer_id" => .05,
        _ => .5,
    };

    private string Name(FieldDescriptor field)
        => values.Chance(.02) ? JavaScriptEncoder.Default.Encode(FuzzValues.Whole(values.Text("")))
            : values.Chance(.2) ? field.Name : field.JsonName;

    private string Value(FieldDescriptor field, int depth)
    {
        if (values.Chance(.02))
        {
            return values.One(["null", "{}", "[]", "[null]", "true", "\"\\ud800\"", "\"\\x\"", "1e999999", "\"x\""]);
        }

        if (field.IsMap)
        {
            var value = field.MessageType.FindFieldByNumber(2);
            var entries = Enumerable.Range(0, values.Next(3)).Select(_ => $"{Scalar(value, depth)}:{Value(value, depth)}");
            return $"{{{string.Join(',', entries)}}}";
        }

        return !field.IsRepeated
            ? Scalar(field, depth)
            : $"[{string.Join(',', Enumerable.Range(0, values.Chance(.01) ? 250 : values.Next(3)).Select(_ => Scalar(field, depth)))}]";
    }

    private string Scalar(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => depth > 3 ? "{}" : Json(field.MessageType, [], depth + 1),
        FieldType.String => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(values.Text(field.Name))}\"",
        FieldType.Enum => values.Enum(field.EnumType) is var name && int.TryParse(name, CultureInfo.InvariantCulture, out _)
            ? name
            : $"\"{JavaScriptEncoder.Default.Encode(FuzzValues.Whole(name))}\"",
        FieldType.Bool => values.One(["true", "false", "1", "\"true\""]),
        _ => values.Number(),
    };

    private object Single(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message when field.MessageType.FullName == Timestamp.Descriptor.FullName => new Timestamp
        {
            Seconds = values.One([1_740_830_400L, 0, -1, long.MaxValue, long.MinValue, 253402300800]),
            Nanos = values.One([0, 1, -1, int.MaxValue]),
        },
        FieldType.Message => depth > 3 ? field.MessageType.Parser.ParseFrom(ByteString.Empty) : Message(field.MessageType, depth + 1),
        FieldType.String => FuzzValues.Whole(values.Text(field.Name)),
        FieldType.Bytes => ByteString.CopyFrom(Encoding.UTF8.GetBytes(values.Text(field.Name))),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, values.Chance(.9) ? values.Next(7) : values.Next(int.MaxValue)),
        FieldType.Bool => values.Chance(.5),
        FieldType.UInt32 or FieldType.Fixed32 => values.Chance(.8) ? (uint)values.Next(6) : uint.MaxValue,
        FieldType.UInt64 or FieldType.Fixed64 => values.Chance(.8) ? (ulong)values.Next(6) : ulong.MaxValue,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => values.Next(6) - 3,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => values.Chance(.8) ? values.Next(6) - 3L : long.MinValue,
        FieldType.Float => values.One([0f, 1f, float.NaN, float.MaxValue]),
        _ => values.One([0d, 1d, double.NaN, double.MaxValue]),
    };
}
