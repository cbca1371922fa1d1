using Strata.Chaos.Clocks;

namespace Strata.Chaos.Stack;

/// <summary>All services, each with as many instances as wanted.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan StartBudget = TimeSpan.FromMinutes(3);

    private readonly List<ServiceInstance> _instances = [];
    private readonly string _folder;
    private readonly string _logs;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly bool _clocks;

    private Fleet(string folder, string logs, IReadOnlyDictionary<string, string> settings, bool clocks)
        => (_folder, _logs, _settings, _clocks) = (folder, logs, settings, clocks);

    /// <summary>Names of the services, in the order of the stream.</summary>
    public static IReadOnlyList<string> Services { get; } = ["Ingestion", "Featurizer", "Clustering", "Ranking", "Optimizer"];

    public IEnumerable<ServiceInstance> All => _instances;

    /// <summary>Starts services and waits until each is ready.</summary>
    /// <param name="services">Which.</param>
    /// <param name="instances">How many of each.</param>
    /// <param name="folder">Where their assemblies lie.</param>
    /// <param name="logs">Where their output goes.</param>
    /// <param name="settings">By configuration key.</param>
    /// <param name="clocks">Their wall clocks can be stepped.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<Fleet> StartAsync(
        IReadOnlyList<string> services,
        int instances,
        string folder,
        string logs,
        IReadOnlyDictionary<string, string> settings,
        bool clocks,
        CancellationToken cancellationToken)
    {
        var fleet = new Fleet(folder, logs, settings, clocks);
        Directory.CreateDirectory(logs);
        try
        {
            foreach (var service in services)
            {
                for (var number = 0; number < instances; number++)
                {
                    var instance = fleet.Make(service, number);
                    fleet._instances.Add(instance);
                    instance.Start();
                }
            }

            await Task.WhenAll(fleet._instances.Select(instance => instance.ReadyAsync(StartBudget, cancellationToken)));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<ServiceInstance> Of(string service) => [.. _instances.Where(instance => instance.Service == service)];

    /// <summary>Names of all consumer groups.</summary>
    public async Task<IReadOnlyCollection<string>> GroupsAsync(CancellationToken cancellationToken)
        => (await Task.WhenAll(_instances.Select(instance => instance.GroupsAsync(cancellationToken))))
            .SelectMany(groups => groups).ToHashSet(StringComparer.Ordinal);

    /// <summary>One instance more of a service, the caller's to start and dispose of; nobody asks it anything.</summary>
    public ServiceInstance Guest(string service) => Make(service, Of(service).Count);

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    private ServiceInstance Make(string service, int number)
    {
        var clock = _clocks ? new WallClock(Path.Combine(_logs, $"{service}-{number}.clock")) : null;
        return new ServiceInstance(service, number, _folder, _logs, SettingsOf(service), clock);
    }

    // What a query in a call means Featurizer says.
    private IReadOnlyDictionary<string, string> SettingsOf(string service)
        => service == "Ranking" && Of("Featurizer") is [var first, ..]
            ? new Dictionary<string, string>(_settings, StringComparer.Ordinal) { ["Ranking:Queries:Address"] = first.Address }
            : _settings;
}
