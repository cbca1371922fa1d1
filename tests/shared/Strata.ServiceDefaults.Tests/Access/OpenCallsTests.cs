using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Endpoints;

namespace Strata.ServiceDefaults.Tests.Access;

/// <summary>Where nobody needs a key, a page of another site that somebody has open must not call in their name.</summary>
[Trait("height", "harness")]
public sealed class OpenCallsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "", HttpStatusCode.OK)]
    [InlineData("sec-fetch-site", "none", HttpStatusCode.OK)]
    [InlineData("sec-fetch-site", "same-origin", HttpStatusCode.OK)]
    [InlineData("sec-fetch-site", "same-site", HttpStatusCode.Forbidden)] // another port of this machine
    [InlineData("sec-fetch-site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("origin", "http://{own}", HttpStatusCode.OK)]
    [InlineData("origin", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("host", "localhost", HttpStatusCode.OK)]
    [InlineData("host", "LOCALHOST:1", HttpStatusCode.OK)]
    [InlineData("host", "[::1]:1", HttpStatusCode.OK)]
    [InlineData("host", "elsewhere.example", HttpStatusCode.Forbidden)] // a name that was made to point here
    public async Task Metrics_OnLoopbackWithoutKeys_OpenToAllButOtherSites(string header, string value, HttpStatusCode expected)
    {
        await using var app = await AccessApp.StartAsync(TimeProvider.System, []);
        using var http = new HttpClient { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (header.Length > 0)
        {
            request.Headers.Add(header, value.Replace("{own}", http.BaseAddress!.Authority, StringComparison.Ordinal));
        }

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            using var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
            Assert.Contains("Access:KeysFile", said.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://shop.example", "/read", HttpStatusCode.OK)]
    [InlineData("https://shop.example", "/metrics", HttpStatusCode.Forbidden)]
    [InlineData("https://shop.example.evil.example", "/read", HttpStatusCode.Forbidden)]
    [InlineData("http://shop.example", "/read", HttpStatusCode.Forbidden)]
    [InlineData("null", "/read", HttpStatusCode.Forbidden)]
    public async Task Call_FromAPageOfANamedOrigin_ReadsAndOperatesNothing(string origin, string path, HttpStatusCode expected)
    {
        await using var app = await AccessApp.StartAsync(TimeProvider.System, new() { ["Access:Origins:0"] = "https://shop.example" });
        using var http = new HttpClient { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("origin", origin);
        request.Headers.Add("sec-fetch-site", "cross-site");

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(
            origin == "https://shop.example" ? [origin] : [],
            answer.Headers.TryGetValues("access-control-allow-origin", out var allowed) ? allowed : []);
    }

    /// <summary>What a browser asks before it sends a key: it has none yet.</summary>
    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://elsewhere.example", false)]
    public async Task Preflight_WhereKeysAreNeeded_IsAnsweredToNamedOrigins(string origin, bool allowed)
    {
        var file = Path.GetTempFileName();
        var (key, _) = ApiKey.Create("page", [Scopes.Operate], null);
        ApiKeyFile.Write(file, [key]);
        await using var app = await AccessApp.StartAsync(
            TimeProvider.System, new() { ["Access:Origins:0"] = "https://shop.example", ["Access:KeysFile"] = file });
        using var http = new HttpClient { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
        using var request = new HttpRequestMessage(HttpMethod.Options, "/metrics");
        request.Headers.Add("origin", origin);
        request.Headers.Add("access-control-request-method", "GET");
        request.Headers.Add("access-control-request-headers", "authorization");

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(allowed, answer.Headers.Contains("access-control-allow-origin"));
        Assert.Equal(allowed, answer.Headers.Contains("access-control-allow-headers"));
        File.Delete(file);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("shop.example")]
    [InlineData("https://shop.example/")]
    [InlineData("file:///page.html")]
    public async Task Origin_ThatIsNone_StopsTheStart(string origin)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(
            () => AccessApp.StartAsync(TimeProvider.System, new() { ["Access:Origins:0"] = origin }));

        Assert.Contains($"Access:Origins '{origin}'", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Ports that are published on one machine: the process listens on all addresses, and a name that points here may reach it.
    /// </summary>
    [Theory]
    [InlineData("ingestion", "localhost:8080", HttpStatusCode.OK)]
    [InlineData("ingestion", "INGESTION:8080", HttpStatusCode.OK)]
    [InlineData("ingestion", "elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "elsewhere.example", HttpStatusCode.OK)]
    public async Task Metrics_OnEveryAddress_OpenToTheNamesInTheSettings(string? ours, string host, HttpStatusCode expected)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Endpoints:Address"] = "0.0.0.0",
            ["Endpoints:PlainText"] = "true",
            ["Access:Anonymous"] = "true",
        };
        if (ours is not null)
        {
            settings["Access:Hosts:0"] = ours;
        }

        await using var app = await AccessApp.StartAsync(TimeProvider.System, settings);
        var port = app.Services.GetRequiredService<ServiceAddresses>().Http.Port;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/metrics");
        request.Headers.Host = host;

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
    }
}
