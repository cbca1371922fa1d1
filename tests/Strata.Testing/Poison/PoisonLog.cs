using Google.Protobuf;
using Strata.Contracts.Bounds;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Testing.Poison;

/// <summary>Puts poison on topics, and looks at what came of it.</summary>
public static class PoisonLog
{
    /// <summary>Appends every absurdity of a message, under the message's own key.</summary>
    public static IReadOnlyList<StreamRecord> AppendAbsurdities(
        this InMemoryLog log, string topic, int partition, string? key, IMessage good, Func<Absurdity, bool>? only = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(GoodMessages.TimeMs);
        return
        [
            .. Absurdities.Of(good)
                .Where(only ?? (_ => true))
                .Select(absurdity => log.Append(topic, partition, key, absurdity.Bytes, time)),
        ];
    }

    /// <summary>What a handler sent that breaks the bounds; nothing, unless poison went through it.</summary>
    public static IEnumerable<string> Faults(this RecordingOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Sent.Concat(output.Pending)
            .Where(message => message.Value is not null)
            .Select(message => MessageBounds.Fault(message.Value!) is { } fault ? $"{message.Topic} {message.Key}: {fault}" : null)
            .OfType<string>();
    }
}
