using System.IO.Compression;
using System.Security.Cryptography;

namespace Strata.Cli.Backups;

/// <summary>A file of entries, one behind the other, compressed.</summary>
internal static class EntryFile
{
    private const string Extension = ".gz";

    /// <summary>Writes entries; returns what is to be said of the file.</summary>
    public static async Task<BackupFile> WriteAsync(
        DirectoryInfo folder, string name, Func<BinaryWriter, Task<long>> write, CancellationToken cancellationToken)
    {
        var path = PathOf(folder, name);
        long entries;
        var owners = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            owners.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it holds what everybody did
        }

        await using (var file = new FileStream(path, owners))
        {
            await using var packed = new GZipStream(file, CompressionLevel.Fastest);
            await using var buffered = new BufferedStream(packed, 1 << 16);
            await using var writer = new BinaryWriter(buffered);
            entries = await write(writer);
        }

        await using var written = File.OpenRead(path);
        return new BackupFile(name, entries, written.Length, await HashAsync(written, cancellationToken));
    }

    /// <summary>What is wrong with a file; null: nothing.</summary>
    public static async Task<string?> FaultAsync(DirectoryInfo folder, BackupFile expected, CancellationToken cancellationToken)
    {
        var path = PathOf(folder, expected.Name);
        if (!File.Exists(path))
        {
            return $"{path} is not there";
        }

        await using var file = File.OpenRead(path);
        if (file.Length != expected.Bytes)
        {
            return $"{path} has {file.Length} bytes of {expected.Bytes}";
        }

        return await HashAsync(file, cancellationToken) == expected.Sha256 ? null : $"{path} has other bytes than were written";
    }

    /// <summary>Opens a file to be read entry by entry.</summary>
    public static BinaryReader Open(DirectoryInfo folder, string name)
        => new(new BufferedStream(new GZipStream(File.OpenRead(PathOf(folder, name)), CompressionMode.Decompress), 1 << 16));

    private static string PathOf(DirectoryInfo folder, string name) => Path.Combine(folder.FullName, name + Extension);

    private static async Task<string> HashAsync(Stream stream, CancellationToken cancellationToken)
        => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
}
