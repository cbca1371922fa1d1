using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Evaluator.Streams;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;
using Strata.ServiceDefaults.State;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Evaluation;

/// <summary>
/// The services, fed a set event by event: the next event is published when all of them hold the last one, as the evaluator's order of
/// steps has it.
/// </summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // An example that has not been learned by then was not made: the event's activity had overtaken the shadow slate, which production
    // counts and drops.
    private static readonly TimeSpan ExamplePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Settings under which the running system and the evaluator cut alike: the whole catalogue is there when layers are seeded; an epoch
    /// is one point, whatever its partition; a policy is published after each example; nothing is sampled and nothing times out. The last
    /// three only shorten the waits between an event and the next.
    /// </summary>
    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal)
    {
        ["Clustering:Reducer:SettleTime"] = "00:00:05",
        ["Clustering:Layers:MovesPerEpoch"] = "0",
        ["Clustering:Points:EpochPoints"] = "1",
        ["Clustering:Points:EpochEventTime"] = "365.00:00:00",
        ["Featurizer:Activity:PublishInterval"] = "00:00:00",
        ["Featurizer:Profiles:CutInterval"] = "00:00:00",
        ["Ingestion:Cleaning:Bots:Enabled"] = "false",
        ["Ingestion:Cleaning:Repeats:Enabled"] = "false",
        ["Optimizer:Learning:PublishExamples"] = "1",
        ["Optimizer:Learning:PublishInterval"] = "01:00:00",
        ["Ranking:Shadow:TargetPerSecond"] = "100000",
        ["Ranking:Serving:StoreTimeout"] = "00:00:30",
        ["Ranking:Serving:AsOfTimeout"] = "00:01:00",
        ["Streaming:Consuming:CommitInterval"] = "00:00:00",
        ["Streaming:Consuming:PositionInterval"] = "00:00:00",
        ["Streaming:Consumer:fetch.wait.max.ms"] = "2",
        ["Streaming:Producer:linger.ms"] = "0",
    };

    private readonly LiveSet _set;
    private readonly StrataSystem _system;
    private readonly IngestionClient _ingestion;
    private readonly RankingClient _ranking;
    private readonly Catalogue _catalogue;
    private readonly ActivityWatermarks _watermarks;
    private readonly CurrentPolicy _policies;
    private readonly IStateStore _store;
    private readonly List<int> _lost = [];

    private RunningSystem(LiveSet set, StrataSystem system)
    {
        (_set, _system) = (set, system);
        (_ingestion, _ranking) = (new IngestionClient(system.Channel), new RankingClient(system.Channel));
        _catalogue = system.Services.GetRequiredService<Catalogue>();
        _watermarks = system.Services.GetRequiredService<ActivityWatermarks>();
        _policies = system.Services.GetRequiredService<CurrentPolicy>();
        _store = system.Services.GetRequiredService<IStateStore>();
    }

    /// <summary>Events of which no example was made.</summary>
    public IReadOnlyList<int> Lost => _lost;

    public static async Task<RunningSystem> StartAsync(LiveSet set, IBroker broker, TestStore store, CancellationToken cancellationToken)
    {
        var running = new RunningSystem(set, await StrataSystem.StartAsync(broker, store, Settings, cancellationToken));
        try
        {
            await running.PutItemsAsync(cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes all events and asks for a slate after each of <paramref name="probes"/>.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> ReplayAsync(
        IReadOnlyList<int> probes,
        int count,
        CancellationToken cancellationToken)
    {
        var slates = new List<IReadOnlyList<string>>();
        for (var (index, points) = (0, 0ul); index < _set.Stream.Count; index++)
        {
            var message = _set.ToMessage(index);
            var version = _policies.Current.Version;
            var weighed = await NextAsync(Keys.UserLayers(message.UserId), cancellationToken);
            var answer = await _ingestion.PublishEventAsync(
                new PublishEventRequest { Event = message },
                cancellationToken: cancellationToken);
            Assert.True(AsOfToken.TryParse(answer.AsOf, out var token));
            await UntilAsync(
                async () => await NextAsync(Keys.Profile(message.UserId), cancellationToken) > token.Offset,
                "the profile",
                cancellationToken);
            points += _set.LayerPoints.Contains(index) ? 1u : 0u;
            await UntilAsync(
                () => _watermarks.FirstOpen(token.Partition) > token.Offset || _set.Stream.Item[index] < 0,
                "the activity",
                cancellationToken);
            await UntilAsync(() => _catalogue.Current.Layers.Marker.Points >= points, "the layers", cancellationToken);
            if (_set.Points.Contains(index))
            {
                await UntilAsync(
                    async () => await NextAsync(Keys.UserLayers(message.UserId), cancellationToken) > weighed,
                    "the user's weights",
                    cancellationToken);
            }

            if (TestPlan.IsPositive(_set.Stream, index, Variant.ByEvent)
                && !await TryUntilAsync(() => Task.FromResult(_policies.Current.Version > version), ExamplePatience, cancellationToken))
            {
                _lost.Add(index);
            }

            if (slates.Count < probes.Count && probes[slates.Count] == index)
            {
                var request = new RecommendRequest { UserId = message.UserId, AsOf = answer.AsOf, Count = (uint)count, DryRun = true };
                slates.Add(
                    [.. (await _ranking.RecommendAsync(request, cancellationToken: cancellationToken)).Items.Select(item => item.ItemId)]);
            }
        }

        return slates;
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    // Partition by partition, because items are numbered in the order in which they arrive.
    private async Task PutItemsAsync(CancellationToken cancellationToken)
    {
        var items = 0;
        foreach (var partition in _set.Stream.Items.GroupBy(item => LiveSet.PartitionOf(item.ItemId)))
        {
            var put = new PutItemsRequest();
            put.Items.AddRange(partition);
            items += put.Items.Count;
            await _ingestion.PutItemsAsync(put, cancellationToken: cancellationToken);
            await UntilAsync(() => _catalogue.Current.Count >= items, "the catalogue", cancellationToken);
        }

        await UntilAsync(() => _catalogue.Current.Layers.Count > 0, "the seeding", cancellationToken);
        Assert.Equal(
            _set.Stream.Items.Select(item => item.ItemId),
            Enumerable.Range(0, items).Select(item => _catalogue.Current.Items.Ids[item]));
    }

    /// <summary>Offset of the next record that a value does not hold yet.</summary>
    private async Task<long> NextAsync(string key, CancellationToken cancellationToken)
        => FencedValue.ReadFence((await _store.ReadAsync([key], cancellationToken))[0]).Next;

    private static Task UntilAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
        => UntilAsync(() => Task.FromResult(condition()), what, cancellationToken);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
        => Assert.True(await TryUntilAsync(condition, Patience, cancellationToken), $"waited {Patience} for {what}");

    private static async Task<bool> TryUntilAsync(Func<Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition();)
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(Poll, cancellationToken);
        }

        return true;
    }
}
