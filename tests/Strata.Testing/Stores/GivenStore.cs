namespace Strata.Testing.Stores;

/// <summary>A store that was there before the tests.</summary>
public sealed class GivenStore(string connectionString) : TestStore
{
    /// <summary>Environment variable with its connection string.</summary>
    public const string Variable = "STRATA_TEST_REDIS";

    /// <inheritdoc/>
    public override string ConnectionString => connectionString;

    /// <inheritdoc/>
    public override string Description => $"the store given by {Variable}";

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
