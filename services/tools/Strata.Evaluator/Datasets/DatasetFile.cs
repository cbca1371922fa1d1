using System.IO.Compression;
using System.Text;

namespace Strata.Evaluator.Datasets;

/// <summary>A file of a data set, gzipped or not.</summary>
internal static class DatasetFile
{
    private const string Gzip = ".gz";

    /// <summary>The name without a trailing <c>.gz</c>.</summary>
    public static string BareName(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase) ? name[..^Gzip.Length] : name;
    }

    /// <summary>Opens a file as UTF-8 text.</summary>
    public static StreamReader OpenText(string path)
    {
        Stream stream = File.OpenRead(path);
        if (path.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase))
        {
            stream = new GZipStream(stream, CompressionMode.Decompress);
        }

        return new StreamReader(stream, Encoding.UTF8);
    }

    /// <summary>
    /// The one file of <paramref name="folder"/> whose bare name starts with <paramref name="prefix"/> and ends with one of <paramref name="endings"/>; null when
    /// there is none. Several are an error: the caller must say which one is meant.
    /// </summary>
    public static string? FindIn(string folder, string prefix, params string[] endings)
    {
        var found = Directory.EnumerateFiles(folder)
            .Where(path => BareName(path).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && endings.Any(ending => BareName(path).EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)
            .ToList();
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new DatasetException($"'{folder}' has several {prefix} files ({string.Join(", ", found.Select(Path.GetFileName))}): leave one.");
    }
}

/// <summary>A data set that cannot be read as it is; the message says where and what would mend it.</summary>
internal sealed class DatasetException(string message) : Exception(message);
