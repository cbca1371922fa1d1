using System.Globalization;
using System.Text.Json;
using Strata.Streaming.Archiving;

namespace Strata.Cli.Backups;

/// <summary>What a backup is: written last, so that a folder without one is none.</summary>
internal sealed record BackupManifest
{
    /// <summary>Format of the files that this release writes and reads.</summary>
    public const int CurrentFormat = 1;

    private const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
    };

    public required int Format { get; init; }

    /// <summary>Release that wrote it, and its commit.</summary>
    public required string Version { get; init; }

    public required string Commit { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>Partitions of all topics, up to which offset they are here.</summary>
    public required IReadOnlyList<BackupLog> Logs { get; init; }

    /// <summary>How far the consumer groups are in them.</summary>
    public required IReadOnlyList<ArchivedPosition> Positions { get; init; }

    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <summary>Numbers of partitions by topic.</summary>
    public IReadOnlyDictionary<string, int> Partitions()
        => Logs.CountBy(log => log.Topic).ToDictionary(StringComparer.Ordinal);

    /// <summary>Writes it; what is there is whole.</summary>
    public async Task WriteAsync(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        var draft = Path.Combine(folder.FullName, FileName + ".draft");
        await File.WriteAllTextAsync(draft, JsonSerializer.Serialize(this, Json), cancellationToken);
        File.Move(draft, Path.Combine(folder.FullName, FileName));
    }

    /// <summary>Reads that of a folder.</summary>
    /// <exception cref="InvalidDataException">There is none, it is broken, or another release's.</exception>
    public static async Task<BackupManifest> ReadAsync(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder.FullName, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{folder.FullName} is no backup: it has no {FileName}");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllTextAsync(path, cancellationToken), Json)!;
            return manifest.Format == CurrentFormat
                ? manifest
                : throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path} has format {manifest.Format}, written by {manifest.Version}; this release reads {CurrentFormat}"));
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is broken: {fault.Message}", fault);
        }
    }
}

/// <summary>A partition.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its number.</param>
/// <param name="Log">Identity of its log, in hexadecimal digits.</param>
/// <param name="End">Offset behind its last record here.</param>
internal sealed record BackupLog(string Topic, int Partition, string Log, long End)
{
    public ulong Identity => ulong.Parse(Log, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static BackupLog Of(ArchivedLog log)
        => new(log.Topic, log.Partition, log.Log.ToString("x16", CultureInfo.InvariantCulture), log.End);
}

/// <summary>A file of a backup.</summary>
/// <param name="Name">Its name; that of a topic, or of the store.</param>
/// <param name="Entries">Records, or keys, in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal digits.</param>
internal sealed record BackupFile(string Name, long Entries, long Bytes, string Sha256);
