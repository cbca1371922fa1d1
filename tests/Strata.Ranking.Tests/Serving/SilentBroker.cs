using Strata.Streaming.Connecting;

namespace Strata.Ranking.Tests.Serving;

/// <summary>A broker that has been silent for as long as a test says.</summary>
internal sealed class SilentBroker : IBrokerContact
{
    public TimeSpan Silence { get; set; }

    public bool IsAway => Silence > TimeSpan.FromSeconds(10);
}
