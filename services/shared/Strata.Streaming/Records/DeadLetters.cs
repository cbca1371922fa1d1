using System.Text;
using Google.Protobuf;
using Strata.Contracts.DeadLetters.V1;

namespace Strata.Streaming.Records;

/// <summary>Makes the dead letter of a record: everything that is needed to look at it, mend it and send it again.</summary>
internal static class DeadLetters
{
    public static byte[]? KeyOf(StreamRecord record)
        => record.ForeignKey ?? (record.Key is null ? null : Encoding.UTF8.GetBytes(record.Key));

    public static DeadLetter Of(StreamRecord record, string reason, Exception? error, string group, string host)
    {
        var letter = new DeadLetter
        {
            Topic = record.Topic,
            Partition = record.Partition,
            Offset = record.Offset,
            TimestampUnixMs = record.Timestamp.ToUnixTimeMilliseconds(),
            Reason = reason,
            ErrorType = error?.GetType().FullName ?? "",
            Group = group,
            Host = host,
        };
        if (KeyOf(record) is { } key)
        {
            letter.Key = ByteString.CopyFrom(key);
        }

        if (record.Value is { } value)
        {
            letter.Value = ByteString.CopyFrom(value.Span);
        }

        letter.Headers.AddRange(
            record.Headers.Select(header => new DeadLetter.Types.Header { Name = header.Key, Value = ByteString.CopyFrom(header.Value) }));
        return letter;
    }
}
