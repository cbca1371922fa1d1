using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Strata.ServiceDefaults.Endpoints;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.ServiceDefaults.Telemetry;
using Strata.Streaming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.ServiceDefaults.Tests.Settings;

[Trait("height", "harness")]
public sealed class HostSettingsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunService_ManyBadSettings_SaysAllOfThemAndEndsWith78()
    {
        var builder = Builder(new()
        {
            ["Streaming:BootstrapServer"] = "kafka:9092",
            ["Streaming:RequestTimeout"] = "ten",
            ["Streaming:Embedded"] = "true",
            ["Streaming:Client:group.id"] = "mine",
            ["Streaming:Consumers:some-tabel:BatchSize"] = "1",
            ["Streaming:Consumers:some-table:BatchSize"] = "0",
            ["Endpoints:Http"] = "70000",
            ["Redis:RetryDelay"] = "00:00:30",
            ["Redis:Retries"] = "1000",
        });
        var said = new StringWriter();
        var standard = Console.Error;
        Console.SetError(said);
        int code;
        try
        {
            code = await builder.RunServiceAsync(_ => Assert.Fail("it was built"));
        }
        finally
        {
            Console.SetError(standard);
        }

        Assert.Equal(HostServices.BadSettings, code);
        Assert.Equal(
            [
                "  Endpoints:Http = 70000: from 0 to 65535",
                "  Redis:Retries = 1000: from 1 to 100",
                "  Redis:RetryDelay 00:00:30 is longer than Redis:MaxRetryDelay 00:00:02.",
                "  Streaming:BootstrapServer is no setting: did you mean BootstrapServers?",
                "  Streaming:BootstrapServers names no broker",
                "  Streaming:Client:group.id = mine can't be set: Strata sets it",
                "  Streaming:Consumers:some-tabel is no setting: did you mean some-table?",
                "  Streaming:Consumers:some-table:BatchSize = 0: from 1 to 100000",
                "  Streaming:LogIdentity must be given with Streaming:Embedded",
                "  Streaming:RequestTimeout = ten cannot be read: write a time such as 00:00:10 or 7.00:00:00",
                "one cannot start, 10 settings are wrong:",
            ],
            said.ToString().TrimEnd().Split(Environment.NewLine).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SettingFaults_RecordsThatOutliveTheMarksOfTheForgotten_AreOne()
    {
        Assert.Empty(Faults("34.00:00:00"));
        Assert.Contains("Users:MarkLifetime", Assert.Single(Faults("36.00:00:00")), StringComparison.Ordinal);

        static IReadOnlyList<string> Faults(string kept)
        {
            var builder = Builder(new() { ["Streaming:BootstrapServers"] = "127.0.0.1:1", ["Streaming:Retention:Events"] = kept });
            builder.Services.AddForgetting();
            return builder.SettingFaults();
        }
    }

    [Fact]
    public void SettingFaults_OfGoodSettings_AreNone()
    {
        var builder = Builder(
            new() { ["Streaming:BootstrapServers"] = "127.0.0.1:1", ["Streaming:Consumers:some-table:BatchSize"] = "9" });

        Assert.Empty(builder.SettingFaults());
    }

    [Fact]
    public async Task Settings_ARunningHost_SaysWhatIsInForceAndFromWhereWithoutSecrets()
    {
        await using var app = Builder(new()
        {
            ["Streaming:BootstrapServers"] = "127.0.0.1:1",
            ["Redis:ConnectionString"] = "127.0.0.1:1,password=hush",
            ["Streaming:Client:sasl.password"] = "hush",
            ["Streaming:Consumers:some-table:BatchSize"] = "9",
        }).Build();
        app.MapServiceDefaults();
        await app.StartAsync(Cancel);

        using var http = new HttpClient { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
        var text = await http.GetStringAsync("/settings", Cancel);

        var settings = JsonDocument.Parse(text).RootElement.EnumerateArray().ToDictionary(
            setting => setting.GetProperty("key").GetString()!,
            setting => (setting.GetProperty("value").GetString(), setting.GetProperty("from").GetString()));
        Assert.Equal(("127.0.0.1:1,password=***", "code"), settings["Redis:ConnectionString"]);
        Assert.Equal(("***", "code"), settings["Streaming:Client:sasl.password"]);
        Assert.Equal(("8", "default"), settings["Redis:Retries"]);
        Assert.Equal(("9", "code"), settings["Streaming:Consumers:some-table:BatchSize"]);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_SaysWhichBuildAnswers()
    {
        await using var app = Builder(new() { ["Streaming:BootstrapServers"] = "127.0.0.1:1" }).Build();
        app.MapServiceDefaults();
        await app.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };

        var live = JsonDocument.Parse(await http.GetStringAsync("/health/live", Cancel)).RootElement;
        using var health = await http.GetAsync("/health", Cancel);
        var all = JsonDocument.Parse(await health.Content.ReadAsStringAsync(Cancel)).RootElement;
        var metrics = await http.GetStringAsync("/metrics", Cancel);

        var build = BuildVersion.Current;
        Assert.Equal(build.Version, live.GetProperty("version").GetString());
        Assert.Equal(build.Commit, all.GetProperty("commit").GetString());
        Assert.Contains("redis", all.GetProperty("checks").EnumerateObject().Select(check => check.Name));
        Assert.Matches($"strata_build_info\\{{[^}}]*strata_build_version=\"{build.Version}\"[^}}]*\\}} 1", metrics);
        Assert.Matches($"target_info\\{{[^}}]*service_version=\"{build.Version}\"", metrics);
    }

    [Theory]
    [InlineData("0.1.0+0123456789abcdef0123", "0.1.0", "0123456789ab")]
    [InlineData("0.1.0", "0.1.0", "unknown")]
    public void BuildVersion_IsTakenApart(string informational, string version, string commit)
        => Assert.Equal(new(version, commit), BuildVersion.Of(informational));

    private static WebApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Endpoints:Http"] = "0",
            ["Endpoints:Grpc"] = "0",
            ["Endpoints:ClosePause"] = "00:00:00",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults("one");
        builder.Services.AddStateStore();
        builder.Services.AddTable<Nothing>("some-table", "some.topic");
        return builder;
    }

    private sealed class Nothing : ITableHandler
    {
        public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void CaughtUp()
        {
        }
    }
}
