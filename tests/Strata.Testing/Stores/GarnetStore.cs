using Strata.Local.Embedded;

namespace Strata.Testing.Stores;

/// <summary>Garnet in this process, as Strata.Local runs it.</summary>
public sealed class GarnetStore : TestStore
{
    private readonly EmbeddedStore _store = EmbeddedStore.Start();

    /// <inheritdoc/>
    public override string ConnectionString => _store.ConnectionString;

    /// <inheritdoc/>
    public override string Description => "Garnet in process";

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}
