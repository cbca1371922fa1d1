using System.Collections.ObjectModel;
using System.Text;
using Google.Protobuf;
using Strata.Edge.Calls.Core;
using Strata.Edge.Requests;

namespace Strata.Edge.Calls;

/// <summary>Messages as JSON where they are not the body of a call: the same JSON is taken, and refused in the same words.</summary>
public static class MessageText
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>Reads a message. Null: <paramref name="violations"/> has why.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="path">With what the paths of its fields begin, for example "event".</param>
    /// <param name="violations">Where faults are added.</param>
    public static T? Read<T>(ReadOnlyMemory<byte> json, string path, Violations violations)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(violations);
        var message = new T();
        var (found, canonical) = JsonShape.Check(json, message.Descriptor, path, ReadOnlyDictionary<string, string>.Empty);
        foreach (var violation in found)
        {
            violations.Add(violation.Field, violation.Description);
        }

        return found.Count == 0 ? (T)message.Descriptor.Parser.ParseJson(Encoding.UTF8.GetString(canonical.Span)) : null;
    }

    /// <summary>A message as the JSON calls write it, on one line.</summary>
    public static string Write(IMessage message) => Formatter.Format(message);
}
