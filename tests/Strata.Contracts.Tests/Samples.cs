using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Strata.Contracts.Tests;

/// <summary>Messages with every field set, to values that follow from the field's number: the same on every run and machine.</summary>
internal static class Samples
{
    /// <summary>Messages within messages are filled this deep.</summary>
    private const int Depth = 3;

    /// <summary>One sample; of a message with alternatives one for each, told apart by the alternative's name.</summary>
    public static IEnumerable<(string Name, IMessage Message)> Of(MessageDescriptor message)
    {
        var alternatives = message.Oneofs.Where(o => !o.IsSynthetic).SelectMany(o => o.Fields).ToList();
        if (alternatives.Count == 0)
        {
            yield return ("all", Sample(message, null, Depth));
        }

        foreach (var alternative in alternatives)
        {
            yield return (alternative.Name, Sample(message, alternative, Depth));
        }
    }

    private static IMessage Sample(MessageDescriptor type, FieldDescriptor? alternative, int depth)
    {
        var message = (IMessage)Activator.CreateInstance(type.ClrType)!;
        if (type.FullName == Timestamp.Descriptor.FullName)
        {
            return new Timestamp { Seconds = 1_740_830_400, Nanos = 123_000_000 };
        }

        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            var chosen = field.RealContainingOneof is null || field == (alternative ?? field.RealContainingOneof.Fields[0]);
            if (!chosen || (field.FieldType == FieldType.Message && depth == 0))
            {
                continue;
            }

            Set(message, field, depth);
        }

        return message;
    }

    private static void Set(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var map = (IDictionary)field.Accessor.GetValue(message);
            var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
            map.Add(Value(key, 0, depth), Value(value, 0, depth));
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            list.Add(Value(field, 0, depth));
            list.Add(Value(field, 1, depth));
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, 0, depth));
        }
    }

    private static object Value(FieldDescriptor field, int index, int depth)
    {
        var n = (field.FieldNumber * 10) + index;
        return field.FieldType switch
        {
            FieldType.Message => Sample(field.MessageType, null, depth - 1),
            FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[^1].Number),
            FieldType.String => $"{field.Name} {index} ü",
            FieldType.Bytes => ByteString.CopyFrom(0, (byte)n, 255),
            FieldType.Bool => true,
            FieldType.Float => n + 0.5f,
            FieldType.Double => n + 0.25,
            FieldType.UInt32 or FieldType.Fixed32 => (uint)n,
            FieldType.UInt64 or FieldType.Fixed64 => (ulong)n << 33,
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => -n,
            _ => -((long)n << 33),
        };
    }
}
