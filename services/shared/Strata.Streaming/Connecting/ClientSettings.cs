namespace Strata.Streaming.Connecting;

/// <summary>How tools that run beside the services reach a broker: librdkafka's settings by its own names.</summary>
public static class ClientSettings
{
    private const string Servers = "bootstrap.servers";

    /// <summary>Settings for an address, with those of a file of <c>name=value</c> lines; <c>#</c> begins a comment.</summary>
    /// <param name="bootstrapServers">Address of the broker.</param>
    /// <param name="file">Path of the file, as services have it under Streaming:Client; null: none.</param>
    /// <exception cref="InvalidDataException">A line is none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Of(string bootstrapServers, string? file)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, number) in (file is null ? [] : File.ReadLines(file)).Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var sign = line.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0)
            {
                throw new InvalidDataException($"{file}:{number} is no setting. Write name=value, such as security.protocol=SASL_SSL");
            }

            settings[line[..sign].Trim()] = line[(sign + 1)..].Trim();
        }

        settings[Servers] = bootstrapServers;
        return settings;
    }

    /// <summary>The address in such settings.</summary>
    public static string AddressIn(IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings[Servers];
    }
}
