using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Streaming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.EndToEnd.Harness;

/// <summary>
/// What a replay leaves, in a form that two replays can be compared in. Left out, because they say where in the log something stood and not
/// what was learned: the fences, offsets inside profiles (a producer that sends again after a crash moves them) and the undo log (what was
/// not known to be committed at the last write).
/// </summary>
/// <param name="Profiles">Profile bytes by user.</param>
/// <param name="Weights">Bytes of the weights on layers by user.</param>
/// <param name="Layers">Bytes of all centroids, in the order of their ids.</param>
/// <param name="Activity">Undecayed popularity by item.</param>
/// <param name="LayerSetVersion">Version of the layer set.</param>
/// <param name="SeededItems">Items that the layers were seeded from.</param>
/// <param name="LayerPoints">Points that the layers have absorbed, by their own count.</param>
/// <param name="CountedPoints">Points in the log that count.</param>
/// <param name="PointsByEvent">For each point in the log: user and number of the event.</param>
/// <param name="Policy">Bytes of the newest policy, without its place in the log; null: there is none.</param>
internal sealed record StateDump(
    IReadOnlyDictionary<string, string> Profiles,
    IReadOnlyDictionary<string, string> Weights,
    string Layers,
    IReadOnlyDictionary<string, double> Activity,
    ulong LayerSetVersion,
    uint SeededItems,
    ulong LayerPoints,
    ulong CountedPoints,
    IReadOnlyList<(string UserId, int Partition, long Offset)> PointsByEvent,
    string? Policy);

/// <summary>Reads the state of a system from outside: Redis and the compacted topics.</summary>
internal sealed class StateReader : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(3);

    private readonly ConnectionMultiplexer _redis;
    private readonly IHost _host;

    public StateReader(IBroker broker, TestStore store)
    {
        _redis = ConnectionMultiplexer.Connect(store.ConnectionString);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(broker.Settings);
        builder.Services.AddLogging();
        builder.Services.AddStreaming(builder.Configuration);
        _host = builder.Build();
    }

    public async Task UntilSeededAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken);
        await UntilAsync("a layer set", async () => await MarkerAsync(cancellationToken) is not null, cancellationToken);
    }

    /// <summary>Waits until every profile holds all its user's events and nothing has changed for a while.</summary>
    public async Task UntilStillAsync(IReadOnlyDictionary<string, int> events, CancellationToken cancellationToken)
    {
        await UntilAsync(
            "all events in the profiles",
            async () => (await ProfilesAsync()).Sum(pair => (int)pair.Value.Events) >= events.Values.Sum(),
            cancellationToken);
        var (before, still) = ("", 0);
        await UntilAsync("a still system", async () =>
        {
            var now = $"{await FingerprintAsync()} {(await MarkerAsync(cancellationToken))?.Version}";
            still = now == before ? still + 1 : 0;
            before = now;
            return still >= 10;
        }, cancellationToken);
    }

    public async Task<StateDump> ReadAsync(CancellationToken cancellationToken)
    {
        var marker = await MarkerAsync(cancellationToken) ?? throw new InvalidOperationException("There is no layer set.");
        var layers = (await RecordsAsync(Topics.Layers, cancellationToken))
            .Where(record => record.Key!.StartsWith("layer:", StringComparison.Ordinal) && record.Value is not null)
            .Select(record => Layer.Parser.ParseFrom(record.Value!.Value.Span))
            .GroupBy(layer => layer.LayerId).Select(versions => versions.Last()).OrderBy(layer => layer.LayerId);
        var points = (await RecordsAsync(Topics.InterestPoints, cancellationToken))
            .Select(record => (record.Partition, Point: InterestPoint.Parser.ParseFrom(record.Value!.Value.Span)))
            .ToList();
        var activity = (await RecordsAsync(Topics.ItemActivity, cancellationToken))
            .Where(record => !record.Key!.StartsWith("marker:", StringComparison.Ordinal) && record.Value is not null)
            .Select(record => ItemActivity.Parser.ParseFrom(record.Value!.Value.Span))
            .GroupBy(item => item.ItemId)
            .ToDictionary(versions => versions.Key, versions => versions.Last().Popularity[^1], StringComparer.Ordinal);
        return new StateDump(
            (await ProfilesAsync()).ToDictionary(pair => pair.Key, pair => Comparable(pair.Value), StringComparer.Ordinal),
            (await ValuesAsync("layers"))
                .ToDictionary(pair => pair.Key, pair => Convert.ToHexString(FencedValue.Payload(pair.Value).Span), StringComparer.Ordinal),
            Convert.ToHexString([.. layers.SelectMany(layer => layer.Centroid).SelectMany(BitConverter.GetBytes)]),
            activity,
            marker.Version,
            (uint)marker.SeededItems,
            marker.Points,
            (ulong)points.Count(point => point.Point is { Weight: > 0, UserOnly: false }),
            [.. points.Select(point => (point.Point.UserId, point.Partition, point.Point.EventOffset))],
            (await RecordsAsync(Topics.Policy, cancellationToken)).LastOrDefault(record => record.Key == "default")?.Value is { } policy
                ? Comparable(policy)
                : null);
    }

    /// <summary>All records of a topic.</summary>
    public async Task<List<StreamRecord>> RecordsAsync(string topic, CancellationToken cancellationToken)
    {
        var reader = _host.Services.GetRequiredService<IPartitionReader>();
        var records = new List<StreamRecord>();
        var partitions = await _host.Services.GetRequiredService<ITopics>().PartitionsAsync(topic, cancellationToken);
        for (var partition = 0; partition < partitions; partition++)
        {
            await foreach (var record in reader.ReadToEndAsync(topic, partition, cancellationToken))
            {
                records.Add(record);
            }
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
    }

    private static string Comparable(Profile profile)
    {
        profile = profile.Clone();
        profile.UndoLog.Clear();
        foreach (var item in profile.Items)
        {
            item.Offset = 0;
        }

        foreach (var seen in profile.Seen)
        {
            seen.Offset = 0;
        }

        return Convert.ToHexString(profile.ToByteArray());
    }

    private static string Comparable(ReadOnlyMemory<byte> policy)
    {
        var message = Policy.Parser.ParseFrom(policy.Span);
        (message.TrainingLog, message.TrainingNext, message.PublishedUnixMs, message.Estimate) = (0, 0, 0, null);
        return Convert.ToHexString(message.ToByteArray());
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(Budget);
        while (!await condition())
        {
            if (budget.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Budget} for {what}.");
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }

    private async Task<LayerSetMarker?> MarkerAsync(CancellationToken cancellationToken)
        => (await RecordsAsync(Topics.Layers, cancellationToken)).LastOrDefault(record => record.Key == "set")?.Value is { } value
            ? LayerSetMarker.Parser.ParseFrom(value.Span)
            : null;

    private async Task<string> FingerprintAsync()
        => string.Join(' ', (await ValuesAsync("profile")).Concat(await ValuesAsync("layers"))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => System.IO.Hashing.XxHash3.HashToUInt64(pair.Value)));

    private async Task<Dictionary<string, Profile>> ProfilesAsync()
        => (await ValuesAsync("profile"))
            .ToDictionary(pair => pair.Key, pair => Profile.Parser.ParseFrom(FencedValue.Payload(pair.Value).Span), StringComparer.Ordinal);

    private async Task<List<KeyValuePair<string, byte[]>>> ValuesAsync(string kind)
    {
        var keys = _redis.GetServers()[0].Keys(pattern: $"*:{kind}").ToArray();
        var values = await _redis.GetDatabase().StringGetAsync(keys);
        return [.. keys.Zip(values, (key, value) => KeyValuePair.Create(key.ToString(), (byte[])value!))];
    }
}
