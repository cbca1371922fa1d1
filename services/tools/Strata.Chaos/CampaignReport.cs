using Strata.Chaos.Promises;

namespace Strata.Chaos;

/// <summary>What became of one fault.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Kind and target.</param>
/// <param name="Seconds">How long it lasted.</param>
/// <param name="Recovery">Seconds from its end until everything was fresh.</param>
internal sealed record FaultOutcome(int Number, string Name, double Seconds, double Recovery);

/// <summary>What a campaign found.</summary>
internal sealed record CampaignReport
{
    public required int Seed { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required double Seconds { get; init; }

    public required int Instances { get; init; }

    public required int Nodes { get; init; }

    /// <summary>Primaries of the Redis Cluster; 0: one Redis alone.</summary>
    public required int Primaries { get; init; }

    /// <summary>Events that were acknowledged.</summary>
    public required int Events { get; init; }

    /// <summary>Times that the producer had to send again.</summary>
    public required int Retries { get; init; }

    /// <summary>Acknowledged events that the log does not have.</summary>
    public required int Lost { get; init; }

    public required int SlatesAsked { get; init; }

    public required int SlatesAnswered { get; init; }

    /// <summary>Slates that said that the store or the broker was away.</summary>
    public required int SlatesDegraded { get; init; }

    public required ulong LayerSetVersion { get; init; }

    public required IReadOnlyList<FaultOutcome> Faults { get; init; }

    /// <summary>Empty, if all promises were kept.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }
}
