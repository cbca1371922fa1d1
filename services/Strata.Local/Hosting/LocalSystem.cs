using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Strata.Clustering;
using Strata.Console;
using Strata.Edge;
using Strata.Featurizer;
using Strata.Ingestion;
using Strata.Ingestion.Events;
using Strata.Local.Embedded;
using Strata.Local.Traffic;
using Strata.Optimizer;
using Strata.Ranking;
using Strata.Ranking.Holdings;
using Strata.Ranking.Queries;
using Strata.ServiceDefaults;
using Strata.ServiceDefaults.Endpoints;
using Strata.Streaming.Embedded;

namespace Strata.Local.Hosting;

/// <summary>All services of Strata in one process, on the embedded broker and store or on real ones.</summary>
public sealed class LocalSystem : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly WebApplication _app;
    private readonly EmbeddedBroker? _broker;
    private readonly EmbeddedStore? _store;
    private bool _stopped;

    private LocalSystem(WebApplication app, EmbeddedBroker? broker, EmbeddedStore? store, LocalSettings settings, TrafficStatus status)
    {
        _app = app;
        _broker = broker;
        _store = store;
        Status = status;
        var bound = app.Services.GetRequiredService<ServiceAddresses>();
        Addresses = new LocalAddresses(
            bound.Http,
            bound.Grpc,
            settings.Kafka is { } kafka
                ? $"Kafka at {kafka}"
                : "the embedded broker (4 partitions a topic, some 5 MB kept of each, nothing on disk)",
            settings.Redis is null ? "the embedded store (in memory)" : "Redis");
    }

    /// <summary>Where it listens.</summary>
    public LocalAddresses Addresses { get; }

    /// <summary>What the sample's traffic has done so far; the console shows it.</summary>
    internal TrafficStatus Status { get; }

    /// <summary>The container that all services share.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Cancelled when the system stops by itself or is asked to.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Starts the system and returns when every service has started; <see cref="ReadyAsync"/> waits until it serves.</summary>
    /// <param name="settings">On what and where.</param>
    /// <param name="logging">Where log lines go; by default warnings and errors to standard error.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<LocalSystem> StartAsync(
        LocalSettings settings,
        Action<ILoggingBuilder> logging,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(logging);
        var broker = settings.Kafka is null ? EmbeddedBroker.Start() : null;
        var store = settings.Redis is null ? EmbeddedStore.Start() : null;
        try
        {
            var status = new TrafficStatus();
            var app = Build(settings, broker, store, status, logging);
            await app.StartAsync(cancellationToken);
            return new LocalSystem(app, broker, store, settings, status);
        }
        catch
        {
            store?.Dispose();
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Waits until every service is ready: before, Ranking's calls end with UNAVAILABLE.</summary>
    /// <param name="waiting">Told what is waited for, in words, whenever that changes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up, or a service ended the system.</exception>
    public async Task ReadyAsync(Action<string> waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        var health = _app.Services.GetRequiredService<HealthCheckService>();
        var told = "";
        while (await health.CheckHealthAsync(ending.Token) is { Status: HealthStatus.Unhealthy } report)
        {
            var (name, check) = report.Entries.First(entry => entry.Value.Status == HealthStatus.Unhealthy);
            var words = $"{name}: {check.Description ?? check.Exception?.Message}";
            if (words != told)
            {
                waiting(told = words);
            }

            await Task.Delay(PollInterval, ending.Token);
        }
    }

    /// <summary>Drains and stops; returns the exit code that the services ask for: 0 unless one of them ended by a fault.</summary>
    public async Task<int> StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _app.StopAsync(CancellationToken.None);
        }

        return Environment.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _store?.Dispose();
        await (_broker?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static WebApplication Build(
        LocalSettings settings,
        EmbeddedBroker? broker,
        EmbeddedStore? store,
        TrafficStatus status,
        Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders()
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning);
        logging(builder.Logging);
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddEnvironmentVariables()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Endpoints:ClosePause"] = "00:00:00", // whoever calls sits at the same machine
                ["Endpoints:Http"] = $"{settings.Port}",
                ["Endpoints:Grpc"] = $"{(settings.Port == 0 ? 0 : settings.Port + 1)}",
                ["Streaming:BootstrapServers"] = settings.Kafka,
                ["Redis:ConnectionString"] = settings.Redis ?? store?.ConnectionString,

                // The embedded broker soon forgets: whoever reads layers from its beginning must find all of them.
                ["Clustering:Reducer:AllLayersEvery"] = "16",
            })
            .AddInMemoryCollection(broker?.Settings ?? new Dictionary<string, string?>())
            .AddInMemoryCollection(settings.Overrides);
        builder.AddServiceDefaults("local");
        builder.AddEdge();
        builder.Services.AddSingleton(new EventClock(() => status.SimulatedTime));
        builder.Services.AddSingleton(new ForgetClock(() => status.SimulatedTime));
        builder.AddIngestion();
        builder.AddFeaturizer();
        builder.Services.AddSingleton<IQueryTexts, OwnQueryTexts>();
        builder.AddClustering();
        builder.AddRanking();
        builder.AddOptimizer();
        builder.Services.AddConsole();
        if (builder.SettingFaults() is { Count: > 0 } faults)
        {
            throw new BadSettingsException(faults);
        }

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapEdge();
        app.MapIngestion();
        app.MapFeaturizer();
        app.MapRanking();
        app.MapConsole(new ConsoleHost(
            status.ToConsole,
            LocalLetters.Of(app),
            app.Services.GetRequiredService<MetricHistory>(),
            app.Services.GetRequiredService<PartitionLags>(),
            app.Services.GetRequiredService<EvaluationRuns>()));
        return app;
    }
}
