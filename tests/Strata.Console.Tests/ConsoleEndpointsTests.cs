using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Testing;

namespace Strata.Console.Tests;

/// <summary>The console as a browser gets it from a host that has nothing else.</summary>
[Trait("height", "harness")]
public sealed partial class ConsoleEndpointsTests : IAsyncLifetime
{
    private static readonly ConsoleNow Now =
        new() { Events = 7, Users = 2, StreamTime = DateTimeOffset.UnixEpoch, UserId = "ann", Act = "click “Kettle”" };

    private readonly ConsoleOptions _options = new();
    private readonly FakeLetters _letters = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddAuthorization(access =>
        {
            access.AddPolicy("read", policy => policy.RequireAssertion(_ => true));
            access.AddPolicy("operate", policy => policy.RequireAssertion(_ => true));
        });
        _app = builder.Build();
        _app.UseRouting();
        _app.UseAuthorization();
        _app.MapConsole(new ConsoleHost(
            () => Now,
            _letters,
            new MetricHistory(TimeProvider.System),
            new PartitionLags(),
            new EvaluationRuns(Options.Create(_options))));
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _http = new() { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/console/console.css", "text/css; charset=utf-8")]
    [InlineData("/console/main.js", "text/javascript; charset=utf-8")]
    [InlineData("/console/icon.svg", "image/svg+xml")]
    public async Task Get_AFile_HasItsTypeAndLetsNothingForeignIn(string path, string type)
    {
        using var answer = await GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
        Assert.True(answer.Headers.CacheControl?.NoCache);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("require-trusted-types-for 'script'", policy);
        Assert.DoesNotContain(policy, rule => rule.Contains("unsafe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_WithTheTagOfTheLastAnswer_IsNotModified()
    {
        using var first = await GetAsync("/console/main.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/main.js");
        request.Headers.IfNoneMatch.Add(Assert.IsType<EntityTagHeaderValue>(first.Headers.ETag));

        using var second = await _http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/index.html")]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/../appsettings.json")]
    [InlineData("/console/%2e%2e/%2e%2e/etc/passwd")]
    public async Task Get_AnythingElse_IsNotFound(string path)
    {
        using var answer = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task References_OfThePageAndItsParts_AreServedByTheHostItself()
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(["/"]);
        while (open.TryDequeue(out var path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            using var answer = await GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path} answers {answer.StatusCode}");
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            foreach (Match reference in References().Matches(text))
            {
                open.Enqueue(new Uri(new Uri(_http.BaseAddress!, path), reference.Groups[1].Value).AbsolutePath);
            }
        }

        var root = Path.Combine(Repository.Root, "services/Strata.Console/wwwroot");
        var carried = Directory.GetFiles(Path.Combine(root, "console"), "*", SearchOption.AllDirectories)
            .Select(file => $"/{Path.GetRelativePath(root, file).Replace('\\', '/')}");
        Assert.Equal(carried.Append("/").Order(), seen.Order());
    }

    [Fact]
    public async Task Scripts_PutNoTextInAsMarkup()
    {
        var folder = Path.Combine(Repository.Root, "services/Strata.Console/wwwroot/console");
        foreach (var file in Directory.GetFiles(folder, "*.js", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch(Markup(), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Now_TellsWhatTheHostTells()
    {
        using var answer = await GetAsync("/console/now");

        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal(
            """{"events":7,"users":2,"streamTime":"1970-01-01T00:00:00+00:00","userId":"ann","act":"click “Kettle”"}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Lag_IsARowAPartition()
    {
        using var meter = new Meter("Strata.Console.Tests.Endpoints");
        meter.CreateObservableGauge(
            "strata.stream.lag.age",
            () => new Measurement<double>(
                4,
                new("messaging.consumer.group.name", "a-group"),
                new("messaging.destination.name", "t"),
                new("messaging.destination.partition.id", 3)));

        using var answer = await GetAsync("/console/lag");

        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Contains(
            """{"group":"a-group","topic":"t","partition":3,"records":0,"seconds":4}""", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluations_AreTheFilesOfTheirFolderAndNoOthers()
    {
        var outside = Directory.CreateTempSubdirectory("strata-console-");
        var folder = outside.CreateSubdirectory("runs");
        await WriteAsync(outside, "secret.json", "7");
        await WriteAsync(folder, "notes.txt", "7");
        await WriteAsync(folder, "old.json", """{"methods":[{"name":"strata","ndcg10":0.25}]}""");
        await WriteAsync(folder, "new.json", "{ broken");
        File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, "old.json"), DateTime.UnixEpoch);

        var unnamed = await TextAsync(await GetAsync("/console/evaluations"));
        _options.Evaluations = Path.Combine(outside.FullName, "elsewhere");
        var missing = await TextAsync(await GetAsync("/console/evaluations"));
        _options.Evaluations = folder.FullName;
        var listed = JsonDocument.Parse(await TextAsync(await GetAsync("/console/evaluations"))).RootElement;
        using var shown = await GetAsync("/console/evaluation?name=old.json");
        using var broken = await GetAsync("/console/evaluation?name=new.json");
        var others = await Task.WhenAll(new[] { "..%2Fsecret.json", "notes.txt", "none.json" }.Select(
            name => GetAsync($"/console/evaluation?name={name}")));
        outside.Delete(recursive: true);

        Assert.Contains("set Console:Evaluations", unnamed, StringComparison.Ordinal);
        Assert.Contains("elsewhere is not there", missing, StringComparison.Ordinal);
        Assert.Equal("", listed.GetProperty("fault").GetString());
        Assert.Equal(
            ["new.json", "old.json"],
            listed.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("name").GetString()));
        Assert.Equal("""{"methods":[{"name":"strata","ndcg10":0.25}]}""", await TextAsync(shown));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("new.json cannot be read", await TextAsync(broken), StringComparison.Ordinal);
        Assert.All(others, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
    }

    [Fact]
    public async Task Letters_AreListedShownAndSettledByOperators()
    {
        using var listed = await GetAsync("/console/letters");
        using var same = await GetAsync("/console/letters?known=7");
        using var shown = await GetAsync("/console/letter?id=t%2F0%2F1");
        using var unknown = await GetAsync("/console/letter?id=t%2F0%2F9");
        using var resent = await PostAsync("/console/letters/resend", """{"ids":["t/0/1"],"message":"{}"}""");
        using var discarded = await PostAsync("/console/letters/discard", """{"ids":["t/0/1","t/0/2"]}""");

        foreach (var nothing in new[] { "{}", """{"ids":[]}""", """{"ids":["t/0/1","t/0/2"],"message":"{}"}""" })
        {
            using var refused = await PostAsync("/console/letters/resend", nothing);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.Equal(
            ("""{"version":7,"letters":[{"id":"t/0/1"}]}""", """{"version":7,"letters":null}"""),
            (await TextAsync(listed), await TextAsync(same)));
        Assert.True(listed.Headers.CacheControl?.NoStore);
        Assert.Equal("""{"id":"t/0/1","bytes":"AQ=="}""", await TextAsync(shown));
        Assert.Equal((HttpStatusCode.BadRequest, """{"message":"no letter t/0/9"}"""), (unknown.StatusCode, await TextAsync(unknown)));
        Assert.Equal(("""{"done":1}""", """{"done":2}"""), (await TextAsync(resent), await TextAsync(discarded)));
        Assert.Equal(["resend t/0/1 {}", "discard t/0/1 t/0/2"], _letters.Done);
    }

    private static Task WriteAsync(DirectoryInfo folder, string name, string text)
        => File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text, TestContext.Current.CancellationToken);

    private static Task<string> TextAsync(HttpResponseMessage answer)
        => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PostAsync(string path, string json)
        => _http.PostAsync(
            new Uri(path, UriKind.Relative), new StringContent(json, null, "application/json"), TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> GetAsync(string path)
        => _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    [GeneratedRegex(
        @"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|createContextualFragment|\beval\b|new Function")]
    private static partial Regex Markup();

    // Links of the page and imports of its modules, but no calls of the API.
    [GeneratedRegex("""(?:\b(?:href|src)="|\bfrom '|\burl\()([^"')]*\.(?:js|css|svg))["')]""")]
    private static partial Regex References();
}
