using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;

namespace Strata.ServiceDefaults.State;

/// <summary>A handler whose Redis is away waits, and one whose Redis came back older begins again there; neither ends its host.</summary>
internal sealed class StateDependency : IDependencyFaults
{
    public bool IsAway(Exception fault) => RedisFaults.IsUnavailable(fault) || fault is StateLostException;
}
