namespace Strata.Chaos.Stack;

/// <summary>What a campaign does, and on what.</summary>
internal sealed record CampaignOptions
{
    /// <summary>Faults, one after the other.</summary>
    public required int Faults { get; init; }

    /// <summary>After which no further fault is begun: what was done by then is compared.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The same seed draws the same faults and the same traffic.</summary>
    public required int Seed { get; init; }

    /// <summary>Instances of each service.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Brokers.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Primaries of a Redis Cluster, with a replica each; 0: one Redis alone.</summary>
    public int Primaries { get; init; }

    /// <summary>The script that starts and harms brokers.</summary>
    public required string Kafka { get; init; }

    /// <summary>The executable of Redis.</summary>
    public string Redis { get; init; } = "redis-server";

    /// <summary>Folder of the services' assemblies.</summary>
    public string Services { get; init; } = AppContext.BaseDirectory;

    /// <summary>Folder for files of the brokers, the stores and the services' output.</summary>
    public required string Work { get; init; }

    /// <summary>The longest that anything hangs or is away.</summary>
    public TimeSpan LongestOutage { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How soon everything must be fresh after the end of a fault: the stall limit, ten seconds, and the session after which a group gives
    /// up members that a broker's death took away.
    /// </summary>
    public TimeSpan Recovery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events a second.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>Further settings of the services, by configuration key.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
