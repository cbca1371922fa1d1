using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.ServiceDefaults.Access;

namespace Strata.ServiceDefaults.Tests.Access;

/// <summary>A host with what every host has, on free ports of loopback.</summary>
internal static class AccessApp
{
    public static async Task<WebApplication> StartAsync(TimeProvider time, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Endpoints:Http"] = "0",
            ["Endpoints:Grpc"] = "0",
            ["Endpoints:ClosePause"] = "00:00:00",
            ["Streaming:BootstrapServers"] = "127.0.0.1:1",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(time);
        builder.AddServiceDefaults("one");
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGet("/read", () => "read").RequireAuthorization(Scopes.Read);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
