using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Strata.Edge;
using Strata.Edge.Consents;
using Strata.Ingestion.Catalog;
using Strata.ServiceDefaults;
using Strata.ServiceDefaults.Endpoints;
using Strata.Streaming.Publishing;
using Strata.Testing.Doubles;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Ingestion.Tests;

/// <summary>Ingestion as a process would run it, on real sockets, with a publisher that only records and a clock that stands.</summary>
public sealed class IngestionApp : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private readonly RecordedErrors _errors;

    private IngestionApp(WebApplication app, RecordingPublisher publisher, FakeTimeProvider time, RecordedErrors errors)
    {
        _errors = errors;
        _app = app;
        Publisher = publisher;
        Time = time;
        var addresses = app.Services.GetRequiredService<ServiceAddresses>();
        Http = new HttpClient { BaseAddress = addresses.Http };
        _channel = GrpcChannel.ForAddress(addresses.Grpc);
        Grpc = new IngestionClient(_channel);
    }

    public RecordingPublisher Publisher { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; }

    public IngestionClient Grpc { get; }

    public GrpcChannel Channel => _channel;

    /// <summary>What was logged as Error.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    public IServiceProvider Services => _app.Services;

    internal UserConsents Consents => _app.Services.GetRequiredService<UserConsents>();

    internal KnownItems Items => _app.Services.GetRequiredService<KnownItems>();

    public static async Task<IngestionApp> StartAsync(
        Dictionary<string, string?>? settings = null, bool caughtUp = true, bool consentsRead = true)
    {
        var publisher = new RecordingPublisher();
        var errors = new RecordedErrors();
        var time = new FakeTimeProvider(Now);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(errors);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Endpoints:Http"] = "0", ["Endpoints:Grpc"] = "0" });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults("ingestion");
        builder.AddEdge();
        builder.AddIngestion();
        if (string.IsNullOrEmpty(builder.Configuration["Streaming:BootstrapServers"]))
        {
            WithoutBroker(builder, publisher);
        }

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapEdge();
        app.MapIngestion();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var started = new IngestionApp(app, publisher, time, errors);
        if (caughtUp)
        {
            started.Items.CaughtUp();
        }

        if (consentsRead)
        {
            started.Consents.CaughtUp();
        }

        return started;
    }

    /// <summary>Publishes into the double; the table does not run, its test says when it has caught up.</summary>
    private static void WithoutBroker(WebApplicationBuilder builder, RecordingPublisher publisher)
    {
        var streaming = typeof(IPublisher).Assembly;
        var loops = builder.Services
            .Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory?.Method.Module.Assembly == streaming);
        foreach (var loop in loops.ToList())
        {
            builder.Services.Remove(loop);
        }

        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Streaming:BootstrapServers"] = "127.0.0.1:1" });
        builder.Services.Replace(ServiceDescriptor.Singleton<IPublisher>(publisher));
        builder.Services.Replace(ServiceDescriptor.Singleton<IBatchPublisher>(publisher));
        builder.Services.Configure<HealthCheckServiceOptions>(options =>
        {
            foreach (var table in options.Registrations.Where(r => r.Name.StartsWith("table:", StringComparison.Ordinal)).ToList())
            {
                options.Registrations.Remove(table);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
    }
}
