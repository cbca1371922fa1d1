using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Strata.Contracts.Bounds;

namespace Strata.Testing.Poison;

/// <summary>One way in which a message is wrong.</summary>
/// <param name="Field">Path of the field, or what was done to the bytes.</param>
/// <param name="Value">What it holds instead.</param>
/// <param name="Bytes">The message.</param>
/// <param name="Message">The message; null where the bytes are none.</param>
public sealed record Absurdity(string Field, string Value, byte[] Bytes, IMessage? Message)
{
    /// <summary>True when no reader may take it.</summary>
    public bool IsRefused => Message is null || MessageBounds.Fault(Message) is not null;

    public override string ToString() => $"{Field} = {Value}";
}

/// <summary>
/// Makes poison of a good message by its descriptor: every field of it and of what lies in it, one after the other, with values that no
/// writer means; and bytes that are cut off, changed, or no message at all.
/// </summary>
public static class Absurdities
{
    private static readonly string Long = new('x', 600_000);

    /// <summary>All of them, the same for the same message.</summary>
    public static IEnumerable<Absurdity> Of(IMessage sample) => [.. Values(sample), .. Garbage(sample)];

    /// <summary>Messages with one absurd value each.</summary>
    public static IEnumerable<Absurdity> Values(IMessage sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        foreach (var (path, value, change) in Changes(sample.Descriptor, "", root => root, []))
        {
            var copy = Copy(sample);
            if (change(copy))
            {
                yield return new Absurdity(path, value, copy.ToByteArray(), copy);
            }
        }
    }

    /// <summary>Bytes that are no such message, or only by chance.</summary>
    public static IEnumerable<Absurdity> Garbage(IMessage sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var good = sample.ToByteArray();
        var random = new Random(good.Length);
        yield return Bytes(sample, "none", []);
        for (var i = 1; i < 8; i++)
        {
            yield return Bytes(sample, $"cut at {i} of 8", good[..(good.Length * i / 8)]);
        }

        for (var i = 0; i < 40; i++)
        {
            var noise = new byte[1 + (i * 7)];
            random.NextBytes(noise);
            yield return Bytes(sample, $"noise {i}", noise);
            var flipped = (byte[])good.Clone();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            yield return Bytes(sample, $"bit {i} flipped", flipped);
        }
    }

    private static Absurdity Bytes(IMessage sample, string value, byte[] bytes)
    {
        try
        {
            return new Absurdity("bytes", value, bytes, sample.Descriptor.Parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException)
        {
            return new Absurdity("bytes", value, bytes, null);
        }
    }

    private static IMessage Copy(IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteArray());

    // Each with a function that finds the message to change in a copy of the whole; null: it is not there.
    private static IEnumerable<(string Path, string Value, Func<IMessage, bool> Change)> Changes(
        MessageDescriptor type, string prefix, Func<IMessage, IMessage?> find, IReadOnlyList<MessageDescriptor> around)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            var path = prefix + field.Name;
            if (field.IsMap)
            {
                foreach (var (name, text) in new[] { (Long, "x"), ("x", Long) })
                {
                    yield return (path, $"{Long.Length} characters", root => Put(find(root), field, name, text));
                }

                yield return (path, "empty", root => Clear(find(root), field));
                continue;
            }

            if (field.FieldType == FieldType.Message)
            {
                yield return (path, "absent", root => Clear(find(root), field));
                // A message that can hold itself is gone into once.
                var within = around.Contains(field.MessageType)
                    ? []
                    : Changes(field.MessageType, path + ".", root => First(find(root), field), [.. around, type]);
                foreach (var change in within)
                {
                    yield return change;
                }

                continue;
            }

            foreach (var (text, value) in ValuesOf(field))
            {
                yield return (path, text, root => Set(find(root), field, value));
            }

            if (field.IsRepeated)
            {
                yield return (path, "empty", root => Clear(find(root), field));
                yield return (path, "one more", root => find(root) is { } holder && Append(holder, field, ValuesOf(field).Last().Value));
            }
        }
    }

    private static IEnumerable<(string Text, object Value)> ValuesOf(FieldDescriptor field)
    {
        object[] values = field.FieldType switch
        {
            FieldType.Double =>
                [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, 1e12, -1e12],
            FieldType.Float => [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 1e12f, -1e12f],
            FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => [long.MinValue, -1L, 1L << 62, long.MaxValue],
            FieldType.UInt64 or FieldType.Fixed64 => [1UL << 62, ulong.MaxValue],
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => [int.MinValue, -2, int.MaxValue],
            FieldType.UInt32 or FieldType.Fixed32 => [uint.MaxValue],
            FieldType.Bool => [true, false],
            FieldType.String => ["", Long],
            FieldType.Bytes => [ByteString.Empty, ByteString.CopyFrom(7), ByteString.CopyFrom([.. Enumerable.Repeat((byte)0x7f, 768)])],
            FieldType.Enum => [999],
            _ => throw new NotSupportedException($"{field.FullName} is of the type {field.FieldType}"),
        };
        return values.Select(value => (Text(value), value));
    }

    private static string Text(object value) => value switch
    {
        string text => $"{text.Length} characters",
        ByteString bytes => $"{bytes.Length} bytes",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IMessage? First(IMessage? holder, FieldDescriptor field)
        => holder is null ? null
            : !field.IsRepeated ? (IMessage?)field.Accessor.GetValue(holder)
            : (System.Collections.IList)field.Accessor.GetValue(holder) is { Count: > 0 } list ? (IMessage?)list[0]
            : null;

    private static bool Clear(IMessage? holder, FieldDescriptor field)
    {
        if (holder is not null)
        {
            field.Accessor.Clear(holder);
        }

        return holder is not null;
    }

    private static bool Set(IMessage? holder, FieldDescriptor field, object value)
    {
        if (holder is null)
        {
            return false;
        }

        if (!field.IsRepeated)
        {
            field.Accessor.SetValue(holder, value);
            return true;
        }

        var list = (System.Collections.IList)field.Accessor.GetValue(holder);
        if (list.Count == 0)
        {
            return false;
        }

        list[0] = value;
        return true;
    }

    // Maps are from texts to texts.
    private static bool Put(IMessage? holder, FieldDescriptor field, string name, string text)
    {
        if (holder is not null)
        {
            ((System.Collections.IDictionary)field.Accessor.GetValue(holder))[name] = text;
        }

        return holder is not null;
    }

    private static bool Append(IMessage holder, FieldDescriptor field, object value)
    {
        ((System.Collections.IList)field.Accessor.GetValue(holder)).Add(value);
        return true;
    }
}
