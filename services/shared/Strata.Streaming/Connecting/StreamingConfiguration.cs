using Microsoft.Extensions.Configuration;

namespace Strata.Streaming.Connecting;

/// <summary>The configuration under <c>Streaming</c>, librdkafka's settings by librdkafka's names.</summary>
internal sealed class StreamingConfiguration
{
    private readonly IConfigurationSection _section;

    public StreamingConfiguration(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _section = configuration.GetSection(StreamingOptions.SectionName);
        Client = Read("Client");
        Consumer = Read("Consumer");
        Producer = Read("Producer");
    }

    public IReadOnlyDictionary<string, string> Client { get; }

    public IReadOnlyDictionary<string, string> Consumer { get; }

    public IReadOnlyDictionary<string, string> Producer { get; }

    public IEnumerable<(string Section, IReadOnlyDictionary<string, string> Settings)> Sections
        => [("Streaming:Client", Client), ("Streaming:Consumer", Consumer), ("Streaming:Producer", Producer)];

    public IConfigurationSection Consuming => _section.GetSection("Consuming");

    public IConfigurationSection Group(string group) => _section.GetSection("Consumers").GetSection(group);

    private Dictionary<string, string> Read(string name)
        => _section.GetSection(name).GetChildren()
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Key, setting => setting.Value!, StringComparer.OrdinalIgnoreCase);
}
