using Grpc.Net.Client;
using Strata.Local.Hosting;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.Testing.Systems;

/// <summary>The whole system in the test's process, on a chosen broker and store, with one channel to its gRPC services.</summary>
public sealed class StrataSystem : IAsyncDisposable
{
    private readonly LocalSystem _system;

    private StrataSystem(LocalSystem system)
    {
        _system = system;
        Channel = GrpcChannel.ForAddress(system.Addresses.Grpc);
        Http = new HttpClient { BaseAddress = system.Addresses.Http };
    }

    /// <summary>gRPC.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>JSON, health, metrics.</summary>
    public HttpClient Http { get; }

    /// <summary>The container that all services share.</summary>
    public IServiceProvider Services => _system.Services;

    /// <summary>Starts the system on free ports.</summary>
    public static Task<StrataSystem> StartAsync(IBroker broker, TestStore store, CancellationToken cancellationToken)
        => StartAsync(broker, store, new Dictionary<string, string?>(), cancellationToken);

    /// <summary>Starts the system on free ports with settings, by configuration key, laid over the defaults.</summary>
    public static async Task<StrataSystem> StartAsync(
        IBroker broker,
        TestStore store,
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        var overrides = new Dictionary<string, string?>(broker.Settings, StringComparer.Ordinal);
        foreach (var (key, value) in settings)
        {
            overrides[key] = value;
        }

        var local = new LocalSettings { Port = 0, Kafka = broker.BootstrapServers, Redis = store.ConnectionString, Overrides = overrides };
        var system = await LocalSystem.StartAsync(local, _ => { }, cancellationToken);
        await system.ReadyAsync(_ => { }, cancellationToken);
        return new StrataSystem(system);
    }

    /// <summary>Drains and stops; the exit code that the services ask for.</summary>
    public Task<int> StopAsync() => _system.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await _system.DisposeAsync();
    }
}
