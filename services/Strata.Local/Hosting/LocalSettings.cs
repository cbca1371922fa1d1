namespace Strata.Local.Hosting;

/// <summary>How the one-process system is put together.</summary>
public sealed record LocalSettings
{
    /// <summary>Port of HTTP (JSON, health, metrics); gRPC listens on the next one. 0: both on any free port.</summary>
    /// <value>Default 5080.</value>
    public int Port { get; init; } = 5080;

    /// <summary>Bootstrap servers of a real Kafka, separated by commas; null: the embedded broker.</summary>
    public string? Kafka { get; init; }

    /// <summary>StackExchange.Redis configuration of a real Redis; null: the embedded store.</summary>
    public string? Redis { get; init; }

    /// <summary>Settings of any service, by configuration key, laid over the defaults.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();
}
