using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.Testing.Systems;

/// <summary>The five services as five processes on a broker and a store, as an operator runs them.</summary>
public sealed class Deployment : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment;
    private readonly Func<string, IEnumerable<KeyValuePair<string, string>>> _own;
    private readonly Dictionary<string, ServiceProcess> _services = new(StringComparer.Ordinal);

    private Deployment(Dictionary<string, string> environment, Func<string, IEnumerable<KeyValuePair<string, string>>> own)
        => (_environment, _own) = (environment, own);

    /// <summary>Names of the services, in the order of the stream.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Ingestion", "Featurizer", "Clustering", "Ranking", "Optimizer"];

    /// <summary>Starts all services and waits until they are ready.</summary>
    /// <param name="broker">A broker that other processes reach.</param>
    /// <param name="store">A store that other processes reach.</param>
    /// <param name="settings">Further settings, by configuration key.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<Deployment> StartAsync(
        IBroker broker,
        TestStore store,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        return await StartAsync(
            settings.Concat(broker.Settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value!)))
                .Append(KeyValuePair.Create("Redis:ConnectionString", store.ConnectionString)),
            _ => [],
            cancellationToken);
    }

    /// <summary>The same on a broker and a store that each service reaches in its own way.</summary>
    /// <param name="settings">Settings of all, by configuration key.</param>
    /// <param name="own">Settings of one service.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<Deployment> StartAsync(
        IEnumerable<KeyValuePair<string, string>> settings,
        Func<string, IEnumerable<KeyValuePair<string, string>>> own,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(own);
        var environment = settings
            .Append(KeyValuePair.Create("Endpoints:ClosePause", "00:00:00"))

            // What came before is forgotten by a process that is killed: a run without that would not be the same.
            .Append(KeyValuePair.Create("Ingestion:Cleaning:Repeats:Enabled", "false"))
            .ToDictionary(setting => NameOf(setting.Key), setting => setting.Value, StringComparer.Ordinal);
        var deployment = new Deployment(environment, own);
        try
        {
            foreach (var name in Names)
            {
                await deployment.StartAsync(name, cancellationToken);
            }

            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>A running service.</summary>
    public ServiceProcess this[string name] => _services[name];

    /// <summary>Kills a service as a crash would and starts it again.</summary>
    public async Task CrashAsync(string name, CancellationToken cancellationToken)
    {
        await _services[name].KillAsync();
        await StartAsync(name, cancellationToken);
    }

    /// <summary>Stops all services in good order; returns their exit codes by name.</summary>
    public async Task<IReadOnlyDictionary<string, int>> StopAsync()
    {
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, service) in _services)
        {
            codes[name] = await service.StopAsync();
        }

        return codes;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }
    }

    private static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        // A name that stays over restarts ends at once what the killed process had left open.
        var environment = new Dictionary<string, string>(_environment, StringComparer.Ordinal) { ["Streaming__InstanceId"] = $"{name}-0" };
        if (name == "Ranking")
        {
            environment["Ranking__Queries__Address"] = _services["Featurizer"].Grpc.ToString();
        }

        foreach (var (key, value) in _own(name))
        {
            environment[NameOf(key)] = value;
        }

        if (_services.Remove(name, out var old))
        {
            await old.DisposeAsync();
        }

        _services[name] = await ServiceProcess.StartAsync(name, environment, cancellationToken);
    }
}
