using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Strata.Clustering.Layers;
using Strata.Clustering.Naming;
using Strata.Clustering.Naming.Core;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Strata.Clustering.Tests.Naming;

/// <summary>The room as it is wired, against an OpenAI-compatible server that also misbehaves.</summary>
[Trait("height", "harness")]
public sealed class LayerTitlerTests : IAsyncDisposable
{
    private static readonly TitleQuestion Bees = new(1, ["bees", "honey"], ["Bee smoker", "Honey jar"], [(7, ["wasps"])]);

    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly List<IHost> _hosts = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        _server.Dispose();
    }

    [Fact]
    public async Task Ask_AnAnswer_IsInTheBookOnceAndWhatStrangersWroteWasData()
    {
        Answers(Good());
        var book = await StartAsync();

        book.Ask([Bees]);
        var title = await TitleAsync(book, Bees);
        book.Ask([Bees, Bees with { Examples = [] }]);

        Assert.Equal(("Bees and honey", new LayerSuggestion(7, "both sting")), (title.Title, title.Suggestion));
        Assert.Empty(book.Open);
        using var body = JsonDocument.Parse(Assert.Single(_server.LogEntries).RequestMessage!.Body!);
        var messages = body.RootElement.GetProperty("messages").EnumerateArray().ToArray();
        Assert.Equal(["system", "user"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.DoesNotContain("smoker", messages[0].ToString());
        Assert.Equal("tiny", body.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Ask_ServerFails_AsksAgainAndComesToAnAnswer()
    {
        _server.Given(Request.Create().UsingPost()).InScenario("fails").WillSetStateTo("better")
            .RespondWith(Response.Create().WithStatusCode(500));
        _server.Given(Request.Create().UsingPost()).InScenario("fails").WhenStateIs("better").RespondWith(Completion(Good()));
        var book = await StartAsync();

        book.Ask([Bees]);

        Assert.Equal("Bees and honey", (await TitleAsync(book, Bees)).Title);
        Assert.Equal(2, _server.LogEntries.Count);
    }

    [Fact]
    public async Task Ask_ServerIsSlow_GivesUpByItsTimeoutAndAsksAgain()
    {
        // Each call's own delay, by how many there were: the first two outlast any patience.
        var calls = 0;
        _server.Given(Request.Create().UsingPost().WithBody((string? _) => Interlocked.Increment(ref calls) <= 2)).AtPriority(1)
            .RespondWith(Completion(Good()).WithDelay(TimeSpan.FromMinutes(5)));
        _server.Given(Request.Create().UsingPost()).AtPriority(2).RespondWith(Completion(Good()));
        var book = await StartAsync(("AttemptTimeout", "00:00:00.500"));

        book.Ask([Bees]);

        Assert.Equal("Bees and honey", (await TitleAsync(book, Bees)).Title);
        Assert.True(calls > 2);
    }

    [Theory]
    [InlineData("I would call it Bees.")]
    [InlineData("{\"title\": 7}")]
    [InlineData("{\"title\": \"HACKED\", \"description\": \"\"}")]
    [InlineData("{\"title\": \"Bees <script>\", \"description\": \"\"}")]
    public async Task Ask_Nonsense_IsNotShownAndNotAskedForAgain(string answer)
    {
        Answers(answer);
        var next = Bees with { ContentHash = 2 };
        var book = await StartAsync();

        book.Ask([Bees, next]);
        await UntilAsync(() => !book.Open.Any());

        Assert.False(book.TryGet(1, out _));
        Assert.Equal(2, _server.LogEntries.Count);
    }

    [Fact]
    public async Task Ask_NothingButBrokenBodies_LeavesTheQuestionOpenAndTheHostAlive()
    {
        _server.Given(Request.Create().UsingPost())
            .RespondWith(Response.Create().WithStatusCode(200).WithHeader("content-type", "application/json").WithBody("{\"choices\": [{"));
        var book = await StartAsync();

        book.Ask([Bees]);
        await UntilAsync(() => _server.LogEntries.Count >= 4);

        Assert.Single(book.Open);
        Assert.False(_hosts[0].Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Ask_BudgetSpent_AsksNoMore()
    {
        Answers(Good());
        var book = await StartAsync(("CallsPerHour", "2"));

        book.Ask([.. Enumerable.Range(1, 5).Select(i => Bees with { ContentHash = (ulong)i })]);
        await UntilAsync(() => book.Open.Count() == 3);
        book.Ask([Bees with { ContentHash = 9 }]);

        Assert.Equal(2, _server.LogEntries.Count);
        Assert.Single(book.Open);
    }

    [Fact]
    public void TryTake_AnHourLater_HasCallsAgain()
    {
        var budget = new TitleBudget(2);
        var start = DateTimeOffset.UnixEpoch;

        Assert.True(budget.TryTake(start) && budget.TryTake(start.AddMinutes(30)));
        Assert.False(budget.TryTake(start.AddMinutes(59)));
        Assert.True(budget.TryTake(start.AddMinutes(60)));
        Assert.False(budget.TryTake(start.AddMinutes(61)));
    }

    [Fact]
    public void AddTitles_WithoutAnEndpoint_RunsNothing()
    {
        using var services = new ServiceCollection().AddNaming(new ConfigurationBuilder().Build()).BuildServiceProvider();

        Assert.Empty(services.GetServices<IHostedService>());
    }

    [Theory]
    [InlineData("ftp://x", "m", "Endpoint")]
    [InlineData("http://x/v1", "", "Model")]
    public void Options_BadValues_StopAtStart(string endpoint, string model, string field)
    {
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(Settings(("Endpoint", endpoint), ("Model", model)))
            .AddNaming(Settings(("Endpoint", endpoint))).BuildServiceProvider();

        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<TitlesOptions>>().Value);

        Assert.Contains(field, fault.Message, StringComparison.Ordinal);
    }

    private static string Good() => "```json\n{\"title\": \"Bees and honey\", \"description\": \"Keeping bees.\", \"split\": false, "
            + "\"merge_into\": 7, \"why\": \"both sting\"}\n```";

    private void Answers(string text)
        => _server.Given(Request.Create().WithPath("/v1/chat/completions").UsingPost()).RespondWith(Completion(text));

    private static IResponseBuilder Completion(string text)
        => Response.Create().WithStatusCode(200).WithHeader("content-type", "application/json").WithBody(JsonSerializer.Serialize(new
        {
            id = "1",
            @object = "chat.completion",
            created = 1,
            model = "tiny",
            choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
        }));

    private static IConfiguration Settings(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Clustering:Titles:{setting.Key}", (string?)setting.Value))).Build();

    private async Task<TitleBook> StartAsync(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddConfiguration(Settings([
            ("Endpoint", $"{_server.Url}/v1"), ("Model", "tiny"), ("CheckEvery", "00:00:00.010"),
            ("Rest", "00:00:00.010"), ("RetryDelay", "00:00:00.010"), ("Retries", "1"), .. settings]));
        builder.Services.AddSingleton(TimeProvider.System).AddNaming(builder.Configuration);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host.Services.GetRequiredService<TitleBook>();
    }

    private static async Task<LayerTitle> TitleAsync(TitleBook book, TitleQuestion question)
    {
        LayerTitle? title = null;
        await UntilAsync(() => book.TryGet(question.ContentHash, out title));
        return title!;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        budget.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), budget.Token);
        }
    }
}
