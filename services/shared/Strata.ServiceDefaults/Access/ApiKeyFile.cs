using System.Text.Json;

namespace Strata.ServiceDefaults.Access;

/// <summary>The file of API keys: <c>{"keys":[{"prefix","hash","name","scopes","expires","userId"}]}</c>.</summary>
public static class ApiKeyFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="InvalidDataException">
    /// It is no such file, a key lacks a field or stands twice, or has a scope that there is not.
    /// </exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json)?.Keys
                ?? throw new InvalidDataException($"{path} has no list 'keys'.");
            foreach (var key in keys)
            {
                var missing = key is null ? "all"
                    : key.Prefix is null ? "prefix"
                    : key.Hash is null ? "hash"
                    : key.Scopes is null || key.Scopes.Contains(null!) ? "scopes"
                    : null;
                if (missing is not null)
                {
                    throw new InvalidDataException($"{path} has a key '{key?.Prefix ?? key?.Name}' without {missing}.");
                }
            }

            if (keys.GroupBy(key => key.Prefix).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            {
                throw new InvalidDataException($"{path} has the key '{twice}' more than once.");
            }

            if (keys.SelectMany(key => key.Scopes).FirstOrDefault(scope => !Scopes.All.Contains(scope)) is { } unknown)
            {
                throw new InvalidDataException($"{path} has a key with the scope '{unknown}': there are {string.Join(", ", Scopes.All)}.");
            }

            return keys;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is no file of keys: {fault.Message}", fault);
        }
    }

    /// <summary>Writes keys to a file at once, readable by its owner only: whoever reads meanwhile sees the old one whole.</summary>
    public static void Write(string path, IReadOnlyList<ApiKey> keys)
    {
        ArgumentNullException.ThrowIfNull(path);
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(beside, options))
        {
            JsonSerializer.Serialize(file, new Content(keys), Json);
        }

        File.Move(beside, path, overwrite: true);
    }

    private sealed record Content(IReadOnlyList<ApiKey> Keys);
}
