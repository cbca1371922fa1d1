using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults;
using Strata.ServiceDefaults.State;
using Strata.Streaming;
using Strata.Streaming.Publishing;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.Featurizer.Tests;

/// <summary>The whole service between an embedded broker and an embedded store, with the real encoder.</summary>
[Trait("height", "embedded")]
public sealed class FeaturizerHostTests(EmbeddedBrokerFixture broker) : IClassFixture<EmbeddedBrokerFixture>
{
    private const int Acts = 40;

    [Fact]
    public async Task AddFeaturizer_ItemsThenEvents_BecomeFeaturesProfilesPointsAndActivity()
    {
        await using var redis = new GarnetStore();
        await using var app = Build(redis);
        app.MapServiceDefaults();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var seen = app.Services.GetRequiredService<SeenOutput>();

        // Events first, items right behind: the events wait for the features.
        var publisher = app.Services.GetRequiredService<IPublisher>();
        await PublishAsync(publisher);
        await SearchAsync(publisher, seen);
        await seen.Complete.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["boots", "lamp", "shoes"], seen.Features.Keys.Order());
        Assert.Equal(384, seen.Features["shoes"].Embedding.Codes.Length);
        Assert.Equal("e5-small-v2-q", seen.Features["shoes"].Encoder);
        Assert.Equal(Acts, seen.Activity.Values.Sum(item => item.Popularity[5]));
        Assert.Contains("boots", seen.Activity["shoes"].CoVisits.Select(neighbour => neighbour.ItemId));
        await using var again = Build(redis);
        await AssertStoredAsync(again.Services);
    }

    private static async Task AssertStoredAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<IStateStore>();
        var value = (await store.ReadAsync([Keys.Profile("u0")], TestContext.Current.CancellationToken))[0];
        var profile = Profile.Parser.ParseFrom(FencedValue.Payload(value).Span);
        Assert.Equal(2, profile.Items.Count);
        Assert.All(profile.Queries, query => Assert.Equal("warm winter boots", query.Text));
        Assert.NotEmpty(profile.Queries);
        Assert.Contains("boot", profile.Terms.Select(term => term.Term));
        Assert.Equal(3, await FrequencyAsync("#items"));
        Assert.Equal(2, await FrequencyAsync("red"));

        async Task<long> FrequencyAsync(string field)
        {
            var sum = 0L;
            var partitions = await services.GetRequiredService<ITopics>().PartitionsAsync(
                Topics.Items, TestContext.Current.CancellationToken);
            for (var partition = 0; partition < partitions; partition++)
            {
                var (_, counts) = await store.ReadHashAsync(Keys.DocumentFrequencies(partition), TestContext.Current.CancellationToken);
                sum += counts.GetValueOrDefault(field);
            }

            return sum;
        }
    }

    private static async Task PublishAsync(IPublisher publisher)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        for (var i = 0; i < Acts; i++)
        {
            var happened = new UserEvent
            {
                EventId = $"e{i}",
                UserId = $"u{i % 4}",
                Kind = EventKind.Click,
                ItemId = i < 20 ? "shoes" : "boots",
                EventTime = Timestamp.FromDateTimeOffset(time.AddMinutes(i)),
            };
            await publisher.PublishAsync(Topics.Events, happened.UserId, happened, time, TestContext.Current.CancellationToken);
        }

        foreach (var (id, title) in new[] { ("shoes", "Red running shoes"), ("boots", "Red winter boots"), ("lamp", "Desk lamp") })
        {
            await publisher.PublishAsync(
                Topics.Items, id, new Item { ItemId = id, Title = title }, time, TestContext.Current.CancellationToken);
        }
    }

    // The catalogue that answers is read beside the events: what is searched before the items are there has no answer and makes no point.
    private static async Task SearchAsync(IPublisher publisher, SeenOutput seen)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        for (var i = 0; seen.Searches == 0; i++)
        {
            var search = new UserEvent
            {
                EventId = $"s{i}",
                UserId = "u0",
                Kind = EventKind.Search,
                Query = "warm winter boots",
                EventTime = Timestamp.FromDateTimeOffset(time),
            };
            await publisher.PublishAsync(Topics.Events, "u0", search, time, TestContext.Current.CancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    private WebApplication Build(GarnetStore redis)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(broker.Broker.Settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = redis.ConnectionString,
            ["Endpoints:Http"] = "0",
            ["Endpoints:Grpc"] = "0",
        });
        builder.AddServiceDefaults("featurizer");
        builder.AddFeaturizer();
        builder.Services.TryAddSingleton<SeenOutput>();
        builder.Services.AddTable<SeenOutput>("seen", Topics.ItemFeatures, Topics.InterestPoints, Topics.ItemActivity);
        return builder.Build();
    }

    /// <summary>Follows what the service publishes.</summary>
    private sealed class SeenOutput : ITableHandler
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Complete => _complete.Task;

        public Dictionary<string, ItemFeatures> Features { get; } = [];

        public Dictionary<string, ItemActivity> Activity { get; } = [];

        public int Clicks { get; private set; }

        public int Searches { get; private set; }

        public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
        {
            foreach (var record in batch)
            {
                if (record.Topic == Topics.ItemFeatures)
                {
                    Features[record.Key!] = ItemFeatures.Parser.ParseFrom(record.Value!.Value.Span);
                }
                else if (record.Topic == Topics.InterestPoints)
                {
                    var point = InterestPoint.Parser.ParseFrom(record.Value!.Value.Span);
                    (Clicks, Searches) = point.Kind == EventKind.Search ? (Clicks, Searches + 1) : (Clicks + 1, Searches);
                }
                else if (!record.Key!.StartsWith("marker:", StringComparison.Ordinal))
                {
                    Activity[record.Key] = ItemActivity.Parser.ParseFrom(record.Value!.Value.Span);
                }
            }

            if (Features.Count == 3 && Clicks == Acts && Searches > 0 && Activity.Values.Sum(item => item.Popularity[5]) >= Acts)
            {
                _complete.TrySetResult();
            }

            return ValueTask.CompletedTask;
        }

        public void CaughtUp()
        {
        }
    }
}
