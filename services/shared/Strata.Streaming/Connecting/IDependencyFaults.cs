namespace Strata.Streaming.Connecting;

/// <summary>
/// Says which faults mean that something a handler depends on is away now: then its partition waits, as long as it takes. Every other
/// fault counts against the budget after which the host stops. Registered as a service, once by whoever knows a dependency.
/// </summary>
public interface IDependencyFaults
{
    /// <summary>True when the fault says that the dependency can't be reached or does not take anything now.</summary>
    bool IsAway(Exception fault);
}
