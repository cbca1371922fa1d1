using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Strata.ServiceDefaults.Access;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>
/// OpenTelemetry: every meter and source called <c>Strata.*</c>, the runtime and ASP.NET Core, and log lines; metrics are scraped at
/// <c>/metrics</c>, and all of it is sent by OTLP when an endpoint is set.
/// </summary>
internal static class TelemetryServices
{
    /// <summary>Meters and activity sources of Strata begin with this.</summary>
    private const string OurNames = "Strata.*";

    private const string ServiceNamespace = "strata";

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration, string serviceName)
    {
        services.AddSingleton<BuildMetrics>();
        var build = BuildVersion.Current;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(serviceName, ServiceNamespace, build.Version)
                .AddAttributes([new("vcs.ref.head.revision", build.Commit)]))
            .WithMetrics(metrics => metrics
                .AddMeter(OurNames)
                .AddMeter("Polly")
                .AddRuntimeInstrumentation()
                .AddAspNetCoreInstrumentation()
                .AddPrometheusExporter())
            .WithTracing(traces => traces
                .AddSource(OurNames)
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = context => !IsProbe(context.Request.Path);
                    options.EnrichWithHttpRequest = static (span, _) => TakeIdsOut(span);
                }));
        if (!string.IsNullOrWhiteSpace(configuration[OtlpEndpoint]))
        {
            telemetry.WithLogging(_ => { }, logs => logs.IncludeFormattedMessage = true).UseOtlpExporter();
        }

        return services;
    }

    public static void MapTelemetry(this WebApplication app)
    {
        app.Services.GetRequiredService<BuildMetrics>();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Scopes.Operate);
    }

    /// <summary>Users' ids and queries stand in addresses: <c>http.route</c> says which call it was.</summary>
    private static void TakeIdsOut(Activity span) => span.SetTag("url.path", null).SetTag("url.query", null);

    private static bool IsProbe(Microsoft.AspNetCore.Http.PathString path)
        => path.StartsWithSegments("/health", StringComparison.Ordinal)
            || path.StartsWithSegments("/metrics", StringComparison.Ordinal)
            || path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.Ordinal);
}
