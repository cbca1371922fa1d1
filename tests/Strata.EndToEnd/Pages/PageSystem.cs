using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Events.V1;
using Strata.Local.Hosting;
using Strata.Local.Sample;
using Strata.Streaming.Publishing;

namespace Strata.EndToEnd.Pages;

/// <summary>
/// A running system in which no page of the console is empty: the sample shop with its layers, a user who did something, dead letters,
/// versions of a policy, two arms, a run of the evaluator; and a browser.
/// </summary>
public sealed partial class PageSystem : IAsyncLifetime
{
    /// <summary>Who did something.</summary>
    internal const string User = "ann";

    private readonly DirectoryInfo _runs = Directory.CreateTempSubdirectory("strata-console-");
    private LocalSystem? _system;

    internal Browser Browser { get; } = new();

    internal HttpClient Http { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Browser.InitializeAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_runs.FullName, "ranking.json"),
            """{"event_count":7,"methods":[{"name":"strata","ndcg10":0.25,"hr10":0.41},{"name":"item-knn","ndcg10":0.2,"hr10":0.37}]}""",
            Cancel);
        _system = await LocalSystem.StartAsync(
            new LocalSettings
            {
                Port = 0,
                Overrides = new Dictionary<string, string?>
                {
                    ["Console:Evaluations"] = _runs.FullName,
                    ["Optimizer:Learning:KeepInterval"] = "00:00:01",
                    ["Optimizer:Learning:PublishInterval"] = "00:00:01",
                    ["Ranking:Experiments:layers:Salt"] = "salt",
                    ["Ranking:Experiments:layers:Arms:control:Share"] = "0.5",
                    ["Ranking:Experiments:layers:Arms:bold:Share"] = "0.5",
                },
            },
            _ => { },
            Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        Http.BaseAddress = _system.Addresses.Http;
        var catalogue = SampleCatalogue.Load();
        await PostAsync("v1/items", new
        {
            items = catalogue.Items.Select(item => new { itemId = item.ItemId, title = item.Title, description = item.Description }),
        });
        await Browser.UntilAsync(Http, "v1/layers", "\"layerId\":12,.*\"words\":\\[\"");
        foreach (var item in catalogue.Items.Where(item => item.Topic == "bee-keeping").Take(4))
        {
            await PostAsync("v1/events", new { userId = User, kind = "EVENT_KIND_CLICK", itemId = item.ItemId });
        }

        await PostAsync("v1/events", new { userId = User, kind = "EVENT_KIND_SEARCH", query = "honey" });
        await LearnTwiceAsync(catalogue.Items);
        await Browser.UntilAsync(Http, $"v1/users/{User}", "\"events\":\"?5");
        await Browser.UntilAsync(Http, "console/history?after=0", "\"broker\",\"values\":\\[[^\\]]*\\b1\\b");
        await Browser.UntilAsync(Http, $"v1/users/{User}/recommendations?dryRun=true", "\"reason\"");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        Http.Dispose();
        await (_system?.DisposeAsync() ?? ValueTask.CompletedTask);
        _runs.Delete(recursive: true);
    }

    /// <summary>Where a page of the console is.</summary>
    internal Uri At(string page) => new(Http.BaseAddress!, $"#page={page}&user={User}");

    /// <summary>A dead letter of an event of a user of that name that says nothing of its kind, which a person can mend.</summary>
    internal async Task SetAsideAsync(string reason)
    {
        var letter = new DeadLetter
        {
            Topic = Topics.Events,
            Key = ByteString.CopyFromUtf8(reason),
            Value = new UserEvent { EventId = reason, UserId = reason, ItemId = "BEE-009" }.ToByteString(),
            Reason = reason,
            Group = "featurizer-events",
        };
        await _system!.Services.GetRequiredService<IPublisher>().PublishAsync(
            Topics.DeadLettersOf(Topics.Events), reason, letter, TimeProvider.System.GetUtcNow(), Cancel);
    }

    /// <summary>Clicks until something was learned twice: then there is a version to go back to.</summary>
    private async Task LearnTwiceAsync(IReadOnlyList<SampleItem> items)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var click = 0; click < 600 && Versions().Count(await Http.GetStringAsync("v1/policies", Cancel)) < 2; click++)
        {
            await PostAsync("v1/events", new { userId = $"learner-{click % 10}", kind = "EVENT_KIND_CLICK", itemId = items[click].ItemId });
            await tick.WaitForNextTickAsync(Cancel);
        }
    }

    private async Task PostAsync(string path, object body)
        => (await Http.PostAsJsonAsync(path, body, Cancel)).EnsureSuccessStatusCode();

    [GeneratedRegex("\"version\"")]
    private static partial Regex Versions();
}
