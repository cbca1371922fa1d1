using Strata.Streaming.Connecting;

namespace Strata.ServiceDefaults.Redis;

/// <summary>A handler whose Redis is away waits; it does not end its host.</summary>
internal sealed class RedisDependency : IDependencyFaults
{
    public bool IsAway(Exception fault) => RedisFaults.IsUnavailable(fault);
}
