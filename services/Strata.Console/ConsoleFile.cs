using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Strata.Console;

/// <summary>A file of the page, as this assembly carries it.</summary>
/// <param name="Path">Path of its URL.</param>
/// <param name="ContentType">Its media type, texts with their charset.</param>
/// <param name="Tag">ETag: a hash of the bytes.</param>
/// <param name="Bytes">What it holds.</param>
internal sealed record ConsoleFile(string Path, string ContentType, string Tag, byte[] Bytes)
{
    private const string Page = "index.html";

    private static readonly FileExtensionContentTypeProvider Types = new();

    public static IEnumerable<ConsoleFile> All() => typeof(ConsoleFile).Assembly.GetManifestResourceNames().Select(Read);

    private static ConsoleFile Read(string name)
    {
        using var stream = typeof(ConsoleFile).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var type = Types.TryGetContentType(name, out var known)
            ? known
            : throw new InvalidOperationException($"The console's file '{name}' has no known content type.");
        return new ConsoleFile(
            name == Page ? "/" : $"/{name}",
            type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type,
            $"\"{Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8))}\"",
            bytes);
    }
}
