using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Strata.ServiceDefaults.Tests.Telemetry;

/// <summary>What a collector hears of a host that was told its address.</summary>
[Trait("height", "harness")]
public sealed class OtlpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_WithACollector_SendsMetricsTracesAndLogLines()
    {
        var heard = new ConcurrentDictionary<string, string>();
        var collecting = WebApplication.CreateSlimBuilder();
        collecting.Logging.ClearProviders();
        await using var collector = collecting.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, Cancel);
            heard.AddOrUpdate(signal, _ => Text(body), (_, before) => before + Text(body));
        });
        await collector.StartAsync(Cancel);
        var builder = WebApplication.CreateBuilder(
        [
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.Single()}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "--Streaming:BootstrapServers=127.0.0.1:1",
        ]);
        builder.AddServiceDefaults("tested");
        await using (var app = builder.Build())
        {
            // Made by whoever reads them first.
            app.Services.GetRequiredService<MeterProvider>();
            app.Services.GetRequiredService<TracerProvider>();
            using var meter = new Meter("Strata.Tested");
            meter.CreateCounter<long>("strata.tested.turns").Add(3);
            using var source = new ActivitySource("Strata.Tested");
            source.StartActivity("a tested span")?.Dispose();
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Strata.Tested").LogWarning("a tested {Thing}", "line");
            app.Services.GetRequiredService<MeterProvider>().ForceFlush((int)Patience.TotalMilliseconds);
        }

        Assert.Contains("strata.tested.turns", heard["metrics"], StringComparison.Ordinal);
        Assert.Contains("a tested span", heard["traces"], StringComparison.Ordinal);
        Assert.Contains("a tested line", heard["logs"], StringComparison.Ordinal);
        Assert.All(heard.Values, told => Assert.Contains("tested", told, StringComparison.Ordinal));
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.ToArray());
}
