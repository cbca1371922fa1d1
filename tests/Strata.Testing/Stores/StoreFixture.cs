using Xunit;

namespace Strata.Testing.Stores;

/// <summary>
/// The best store at hand, for a test class: the one named by STRATA_TEST_REDIS, else a container, else redis-server from the PATH, else
/// Garnet in process. Says in <see cref="Reason"/> which one it took and why.
/// </summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private TestStore? _store;

    /// <summary>The store.</summary>
    public TestStore Store => _store ?? throw new InvalidOperationException("The fixture has not started.");

    /// <summary>Which store was taken, and why.</summary>
    public string Reason { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        (_store, Reason) = await ChooseAsync(CancellationToken.None);
        await System.Console.Out.WriteLineAsync($"Store for these tests: {_store.Description}, because {Reason}.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Starts the best store at hand, and says why it is that one.</summary>
    public static async Task<(TestStore Store, string Reason)> ChooseAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(GivenStore.Variable) is { Length: > 0 } given)
        {
            return (new GivenStore(given), $"{GivenStore.Variable} is set");
        }

        if (RedisContainerStore.IsAvailable)
        {
            return (await RedisContainerStore.StartAsync(cancellationToken), "a Docker engine answers");
        }

        return RedisServerStore.IsAvailable
            ? (await RedisServerStore.StartAsync(cancellationToken), "no Docker engine answers and redis-server is on the PATH")
            : (new GarnetStore(), "no Docker engine answers and the PATH has no redis-server");
    }
}
