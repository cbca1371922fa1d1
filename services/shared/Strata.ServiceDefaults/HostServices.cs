using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Polly.Telemetry;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Endpoints;
using Strata.ServiceDefaults.Health;
using Strata.ServiceDefaults.Settings;
using Strata.ServiceDefaults.Telemetry;
using Strata.Streaming;

namespace Strata.ServiceDefaults;

/// <summary>What every host of Strata has. A second call in the same process changes nothing, so services can share one.</summary>
public static class HostServices
{
    /// <summary>Exit code of a process whose settings are wrong: EX_CONFIG of sysexits.h.</summary>
    public const int BadSettings = 78;

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
            .AddFilter("Polly", LogLevel.Warning)
            .AddConsoleFormatter<EventLineFormatter, ConsoleFormatterOptions>());

        services.AddSingleton<PollyEvents>();
        services.AddOptions<TelemetryOptions>().Configure<PollyEvents>((polly, events) =>
            polly.SeverityProvider = args => events.SeverityOf(args.Source.PipelineName, args.Event));
        services
            .AddSettings()
            .AddTelemetry(builder.Configuration, serviceName)
            .AddHealth()
            .AddEndpoints()
            .AddAccess()
            .AddStreaming(builder.Configuration);
        return builder;
    }

    /// <summary>Maps <c>/health</c> and what is under it, <c>/metrics</c>, <c>/settings</c> and gRPC health.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<HostState>().TryMap())
        {
            app.MapHealth();
            app.MapTelemetry();
            app.MapSettings();
        }

        return app;
    }

    /// <summary>What is wrong with the settings of a host, each with its section and value; empty: nothing, it may be built.</summary>
    public static IReadOnlyList<string> SettingFaults(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = new ServiceCollection { builder.Services };
        services.AddSingleton<IConfiguration>(builder.Configuration); // the host's own, which is not let go with these
        using var provider = services.BuildServiceProvider();
        return [.. provider.GetRequiredService<HostSettings>().Faults().Select(fault => fault.Text)];
    }

    /// <summary>
    /// Builds the host and runs it until it is told to stop. Bad settings, all of them, and a port that is taken are said on standard
    /// error, and nothing starts.
    /// </summary>
    /// <param name="builder">With everything added.</param>
    /// <param name="map">Maps what the service answers.</param>
    /// <returns>The exit code: 78 for what only another configuration mends, 70 where a part could not go on, else 0.</returns>
    public static async Task<int> RunServiceAsync(this WebApplicationBuilder builder, Action<WebApplication> map)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(map);
        var name = builder.Services.Select(service => service.ImplementationInstance).OfType<HostState>().Single().ServiceName;
        if (builder.SettingFaults() is { Count: > 0 } faults)
        {
            return Refuse(name, faults);
        }

        await using var app = builder.Build();
        map(app);
        var build = BuildVersion.Current;
        app.Logger.Starts(name, build.Version, build.Commit);
        try
        {
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            return Refuse(name, [$"{fault.Message} Another process listens there: set Endpoints:Http and Endpoints:Grpc to free ports"]);
        }
    }

    private static int Refuse(string name, IReadOnlyList<string> faults)
    {
        Console.Error.WriteLine($"{name} cannot start, {(faults.Count == 1 ? "a setting is" : $"{faults.Count} settings are")} wrong:");
        foreach (var fault in faults)
        {
            Console.Error.WriteLine($"  {fault}");
        }

        return BadSettings;
    }
}
