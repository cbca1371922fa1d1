using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Strata.Evaluator.Datasets;

/// <summary>A file of a data set, gzipped or not.</summary>
internal static class DatasetFile
{
    /// <summary>A time without a zone is UTC.</summary>
    public const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private const string Gzip = ".gz";

    /// <summary>The name without a trailing <c>.gz</c>.</summary>
    public static string BareName(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase) ? name[..^Gzip.Length] : name;
    }

    /// <summary>XXH64 of a file's bytes, hexadecimal: by it a set is known again.</summary>
    public static string HashOf(string path)
    {
        var hash = new XxHash64();
        using var file = File.OpenRead(path);
        hash.Append(file);
        return hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Opens a file as UTF-8 text.</summary>
    public static StreamReader OpenText(string path)
    {
        Stream stream = File.OpenRead(path);
        if (path.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase))
        {
            var magic = (stream.ReadByte(), stream.ReadByte());
            if (magic != (0x1f, 0x8b))
            {
                stream.Dispose();
                throw new DatasetException($"'{path}' is no gzip file. Compress it, or name it without {Gzip}.");
            }

            stream.Position = 0;
            stream = new GZipStream(stream, CompressionMode.Decompress);
        }

        return new StreamReader(stream, Encoding.UTF8);
    }

    /// <summary>Reads a CSV whose first line names at least <paramref name="columns"/>; a fault names the file and the line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">What every line must have.</param>
    /// <param name="form">The first line as it should be, where it may have more.</param>
    /// <param name="read">One line and its number; a <see cref="FormatException"/> says what is wrong, its first word the column.</param>
    public static List<T> ReadCsv<T>(string path, IReadOnlyList<string> columns, string form, Func<CsvReader, long, T> read)
    {
        using var text = OpenText(path);
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture));
        var lines = new List<T>();
        try
        {
            if (!csv.Read()
                || !csv.ReadHeader()
                || columns.Except(csv.HeaderRecord ?? [], StringComparer.Ordinal).ToList() is { Count: > 0 })
            {
                throw new DatasetException($"{path}:1: a column is missing. The first line must be {form}.");
            }

            while (csv.Read())
            {
                lines.Add(read(csv, csv.Parser.RawRow));
            }
        }
        catch (CsvHelper.MissingFieldException)
        {
            var missing = columns.FirstOrDefault(column => !csv.TryGetField<string>(column, out _));
            throw new DatasetException(
                $"{path}:{csv.Parser.RawRow}: column {missing}: the line has too few fields. Each line must be {form}.");
        }
        catch (BadDataException fault)
        {
            throw new DatasetException(
                $"{path}:{csv.Parser.RawRow}: column {ColumnAt(csv)}: a quote stands where none may in {fault.Field}. "
                    + "Put the field in quotes and double those in it.");
        }
        catch (FormatException fault)
        {
            throw new DatasetException($"{path}:{csv.Parser.RawRow}: column {fault.Message}");
        }

        return lines;
    }

    private static string ColumnAt(CsvReader csv)
        => csv.HeaderRecord is { } header && csv.CurrentIndex >= 0 && csv.CurrentIndex < header.Length ? header[csv.CurrentIndex] : "?";

    /// <summary>
    /// The one file of <paramref name="folder"/> whose bare name starts with <paramref name="prefix"/> and ends with one of
    /// <paramref name="endings"/>; null when there is none. Several are an error: the caller must say which one is meant.
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
            : throw new DatasetException(
                $"'{folder}' has several {prefix} files ({string.Join(", ", found.Select(Path.GetFileName))}). Leave one.");
    }
}

/// <summary>A data set that cannot be read as it is; the message says where and what would mend it.</summary>
internal sealed class DatasetException(string message) : Exception(message);
