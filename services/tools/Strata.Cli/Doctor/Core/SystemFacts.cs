using Strata.Streaming.Inspection;

namespace Strata.Cli.Doctor.Core;

/// <summary>Why something did not answer.</summary>
/// <param name="Text">What it said, or what was said of it.</param>
/// <param name="Refused">True where it was reached and refuses the credentials.</param>
internal sealed record Silence(string Text, bool Refused);

/// <summary>What was found of a broker.</summary>
/// <param name="Silence">Why there is nothing more; null: it answers.</param>
/// <param name="Cluster">Its topics.</param>
/// <param name="Before">How far consumers were.</param>
/// <param name="After">How far they were a little later.</param>
/// <param name="Newest">When its newest event arrived, by its own clock.</param>
internal sealed record BrokerFacts(
    Silence? Silence,
    InspectedCluster? Cluster = null,
    IReadOnlyList<GroupPosition>? Before = null,
    IReadOnlyList<GroupPosition>? After = null,
    DateTimeOffset? Newest = null);

/// <summary>What was found of a store: its own words by its own names.</summary>
/// <param name="Silence">Why there is nothing more; null: it answers.</param>
/// <param name="State">What <c>INFO</c> says: <c>role</c>, <c>maxmemory</c>, <c>evicted_keys</c> …</param>
/// <param name="Saves">Its setting <c>save</c>; null where it may not be read.</param>
/// <param name="WriteFault">What a write of a key for a second is answered with; null: it is taken.</param>
/// <param name="Time">Its clock.</param>
internal sealed record StoreFacts(
    Silence? Silence,
    IReadOnlyDictionary<string, string>? State = null,
    string? Saves = null,
    string? WriteFault = null,
    DateTimeOffset? Time = null);

/// <summary>What a service says of itself.</summary>
/// <param name="Address">Where it was asked.</param>
/// <param name="Silence">Why there is nothing more; null: it answers.</param>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Build">Version and commit.</param>
/// <param name="Complaints">Checks that are not healthy, with what they say.</param>
/// <param name="Time">Its clock, to the second.</param>
/// <param name="Settings">What is in force; null where it may not be read.</param>
internal sealed record ServiceFacts(
    Uri Address,
    Silence? Silence,
    string Status = "",
    string Build = "",
    IReadOnlyDictionary<string, string>? Complaints = null,
    DateTimeOffset? Time = null,
    IReadOnlyDictionary<string, string>? Settings = null);

/// <summary>A port that a service is to take on this machine.</summary>
/// <param name="Number">Which.</param>
/// <param name="Fault">Why it cannot be taken; null: it is free.</param>
internal sealed record PortFacts(int Number, string? Fault);

/// <summary>A folder with the model of texts.</summary>
/// <param name="Folder">Which.</param>
/// <param name="Fault">What is wrong with it; null: it encoded a text.</param>
internal sealed record ModelFacts(string Folder, string? Fault);

/// <summary>All that was found.</summary>
internal sealed record SystemFacts
{
    /// <summary>This machine's clock when it was looked.</summary>
    public required DateTimeOffset Now { get; init; }

    public BrokerFacts? Broker { get; init; }

    public StoreFacts? Store { get; init; }

    public IReadOnlyList<ServiceFacts> Services { get; init; } = [];

    public IReadOnlyList<PortFacts> Ports { get; init; } = [];

    public ModelFacts? Model { get; init; }
}
