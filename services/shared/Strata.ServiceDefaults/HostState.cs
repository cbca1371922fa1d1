namespace Strata.ServiceDefaults;

/// <summary>What the process is called, and whether its shared endpoints are mapped already.</summary>
internal sealed class HostState(string serviceName)
{
    private int _mapped;

    public string ServiceName { get; } = serviceName;

    /// <summary>True for the first caller only.</summary>
    public bool TryMap() => Interlocked.Exchange(ref _mapped, 1) == 0;
}
