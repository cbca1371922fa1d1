using System.Text;
using Google.Protobuf;
using Strata.Contracts.DeadLetters.V1;

namespace Strata.Streaming.Records;

/// <summary>
/// Makes the dead letter of a record: everything that is needed to look at it, mend it and send it again. A letter is larger than its
/// record; one that the broker would refuse for its size would be sent for ever, so what does not fit is cut off, and the reason says so.
/// </summary>
internal static class DeadLetters
{
    /// <summary>Bytes of key, value and headers: the broker and its clients take about a million by default.</summary>
    private const int MostBytes = 900_000;

    private const int MostKeyBytes = 65_536;

    public static byte[]? KeyOf(StreamRecord record)
    {
        var key = record.ForeignKey ?? (record.Key is null ? null : Encoding.UTF8.GetBytes(record.Key));
        return key?.Length > MostKeyBytes ? key[..MostKeyBytes] : key;
    }

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

        // The key stands in the letter and is its own key too.
        var left = MostBytes;
        if (KeyOf(record) is { } key)
        {
            letter.Key = ByteString.CopyFrom(key);
            left -= 2 * key.Length;
        }

        foreach (var (name, bytes) in record.Headers)
        {
            left -= name.Length + bytes.Length;
            if (left >= 0)
            {
                letter.Headers.Add(new DeadLetter.Types.Header { Name = name, Value = ByteString.CopyFrom(bytes) });
            }
        }

        if (record.Value is { } value)
        {
            letter.Value = ByteString.CopyFrom(value.Span[..Math.Clamp(left, 0, value.Length)]);
        }

        if (left < (record.Value?.Length ?? 0) || record.ForeignKey?.Length > MostKeyBytes || record.Key?.Length > MostKeyBytes)
        {
            letter.Reason += $" (cut: key of {record.Key?.Length ?? 0} characters, value of {record.Value?.Length ?? 0} bytes)";
        }

        return letter;
    }
}
