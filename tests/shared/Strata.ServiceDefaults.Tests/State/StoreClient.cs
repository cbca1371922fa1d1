using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Strata.ServiceDefaults.State;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>A process's view of a store: its own connection, wired as in a host.</summary>
public sealed class StoreClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public StoreClient(string connectionString, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Redis:ConnectionString"] = connectionString })
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>($"Redis:{s.Key}", s.Value)))
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddStateStore()
            .BuildServiceProvider();
        Store = _services.GetRequiredService<IStateStore>();
    }

    public IStateStore Store { get; }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
