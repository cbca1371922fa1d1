namespace Strata.Testing.Stores;

/// <summary>A store for tests that speaks Redis.</summary>
public abstract class TestStore : IAsyncDisposable
{
    /// <summary>What <c>Redis:ConnectionString</c> must be.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Which store this is, for test output.</summary>
    public abstract string Description { get; }

    /// <summary>True when the store can be killed and started again with what it had written to disk.</summary>
    public virtual bool CanRestart => false;

    /// <summary>Ends the store as a power cut would.</summary>
    public virtual Task KillAsync() => throw new NotSupportedException($"{Description} cannot be killed.");

    /// <summary>Starts a killed store on the same address and the same files.</summary>
    public virtual Task RestartAsync(CancellationToken cancellationToken)
        => throw new NotSupportedException($"{Description} cannot be started again.");

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
