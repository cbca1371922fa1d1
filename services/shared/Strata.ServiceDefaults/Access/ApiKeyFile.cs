using System.Text.Json;

namespace Strata.ServiceDefaults.Access;

/// <summary>The file of API keys: <c>{"keys":[{"prefix","hash","name","scopes","expires","userId"}]}</c>.</summary>
public static class ApiKeyFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or a key has a scope that there is not.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json)?.Keys
                ?? throw new InvalidDataException($"{path} has no list 'keys'.");
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
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(new Content(keys), Json));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(beside, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(beside, path, overwrite: true);
    }

    private sealed record Content(IReadOnlyList<ApiKey> Keys);
}
