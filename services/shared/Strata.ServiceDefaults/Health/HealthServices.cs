using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Strata.ServiceDefaults.Telemetry;

namespace Strata.ServiceDefaults.Health;

/// <summary>
/// Health over HTTP and gRPC. Live: the checks tagged <see cref="HealthTags.Live"/>; failing means that only a restart helps. Ready, and
/// <c>/health</c>: all checks. Each answer says which build gives it.
/// </summary>
internal static class HealthServices
{
    /// <summary>A check that has not answered by then has failed: a probe is answered within 200 milliseconds.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromMilliseconds(150);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddGrpc();

        // Over gRPC a host without any check would be "unknown".
        services.AddGrpcHealthChecks(options => options.Services.Map(string.Empty, _ => true))
            .AddCheck("self", () => HealthCheckResult.Healthy("runs"), [HealthTags.Live])
            .AddCheck<StoppingCheck>("stopping");

        // Whatever a check asks may hang; who probes does not wait for it.
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var registration in options.Registrations)
            {
                registration.Timeout = LongestCheck;
            }
        });
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(HealthTags.Live),
            ResponseWriter = WriteAsync,
        }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapGrpcHealthChecksService().AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
        => context.Response.WriteAsJsonAsync(new HealthAnswer(
            report.Status.ToString(),
            BuildVersion.Current.Version,
            BuildVersion.Current.Commit,
            report.Entries.ToDictionary(
                e => e.Key,
                e => new HealthAnswerEntry(e.Value.Status.ToString(), e.Value.Description ?? e.Value.Exception?.Message))));

    private sealed record HealthAnswer(
        string Status, string Version, string Commit, IReadOnlyDictionary<string, HealthAnswerEntry> Checks);

    private sealed record HealthAnswerEntry(string Status, string? Description);
}
