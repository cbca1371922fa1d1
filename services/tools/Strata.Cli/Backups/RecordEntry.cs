using Strata.Streaming.Archiving;

namespace Strata.Cli.Backups;

/// <summary>A record in a file: partition, offset, key, value, headers; lengths are one more than they are, 0 is none.</summary>
internal static class RecordEntry
{
    public static void Write(BinaryWriter writer, LogRecord record)
    {
        writer.Write7BitEncodedInt(record.Partition);
        writer.Write7BitEncodedInt64(record.Offset);
        Write(writer, record.Key);
        Write(writer, record.Value);
        writer.Write7BitEncodedInt(record.Headers.Count);
        foreach (var (name, value) in record.Headers)
        {
            writer.Write(name);
            Write(writer, value);
        }
    }

    /// <summary>The records of a file.</summary>
    public static IEnumerable<LogRecord> ReadAll(DirectoryInfo folder, BackupFile file)
    {
        using var reader = EntryFile.Open(folder, file.Name);
        for (var entry = 0L; entry < file.Entries; entry++)
        {
            var (partition, offset) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());
            var (key, value) = (ReadBytes(reader), ReadBytes(reader));
            var headers = new KeyValuePair<string, byte[]>[reader.Read7BitEncodedInt()];
            for (var i = 0; i < headers.Length; i++)
            {
                headers[i] = KeyValuePair.Create(reader.ReadString(), ReadBytes(reader) ?? []);
            }

            yield return new LogRecord(partition, offset, key, value, headers);
        }
    }

    private static void Write(BinaryWriter writer, byte[]? bytes)
    {
        writer.Write7BitEncodedInt((bytes?.Length ?? -1) + 1);
        writer.Write(bytes ?? []);
    }

    private static byte[]? ReadBytes(BinaryReader reader)
        => reader.Read7BitEncodedInt() is > 0 and var length ? reader.ReadBytes(length - 1) : null;
}
