using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly.Telemetry;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Endpoints;
using Strata.ServiceDefaults.Health;
using Strata.ServiceDefaults.Telemetry;
using Strata.Streaming;

namespace Strata.ServiceDefaults;

/// <summary>What every host of Strata has. A second call in the same process changes nothing, so services can share one.</summary>
public static class HostServices
{
    /// <summary>Adds telemetry, health, endpoints, access, streaming and the clock.</summary>
    /// <param name="builder">Builder of a web host.</param>
    /// <param name="serviceName">Name in telemetry, for example "ingestion".</param>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(HostState)))
        {
            return builder;
        }

        services.AddSingleton(new HostState(serviceName));
        services.TryAddSingleton(TimeProvider.System);

        // What a check says is what its endpoint answers: the log would repeat it at every probe. Polly writes two lines for every call
        // that goes well.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("Polly", LogLevel.Warning));

        services.AddSingleton<PollyEvents>();
        services.AddOptions<TelemetryOptions>().Configure<PollyEvents>((polly, events) =>
            polly.SeverityProvider = args => events.SeverityOf(args.Source.PipelineName, args.Event));
        services
            .AddTelemetry(builder.Configuration, serviceName)
            .AddHealth()
            .AddEndpoints()
            .AddAccess()
            .AddStreaming(builder.Configuration);
        return builder;
    }

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c> and gRPC health.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<HostState>().TryMap())
        {
            app.MapHealth();
            app.MapTelemetry();
        }

        return app;
    }
}
