using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Streaming;
using Strata.Streaming.Publishing;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.Benchmarks.Clustering;

/// <summary>A real broker, a Redis and Clustering as processes of its own, with this process in the place of the Featurizer.</summary>
internal sealed class ClusteringStage : IAsyncDisposable
{
    private const int AtOnce = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly IBroker _broker;
    private readonly TestStore _store;
    private readonly IHost _host;
    private readonly List<ServiceProcess> _workers = [];

    private ClusteringStage(IBroker broker, TestStore store)
    {
        (_broker, _store) = (broker, store);
        Redis = ConnectionMultiplexer.Connect(store.ConnectionString);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(broker.Settings);
        builder.Services.AddLogging();
        builder.Services.AddStreaming(builder.Configuration);
        _host = builder.Build();
    }

    public ConnectionMultiplexer Redis { get; }

    public IPublisher Publisher => _host.Services.GetRequiredService<IPublisher>();

    public static async Task<ClusteringStage> StartAsync(string? redis, CancellationToken cancellationToken)
    {
        var (broker, reason) = await BrokerChoice.RealAsync(1, cancellationToken);
        var stage = new ClusteringStage(
            broker ?? throw new InvalidOperationException($"there is no real broker: {reason}"),
            redis is null ? await RedisServerStore.StartAsync(cancellationToken) : new GivenStore(redis));
        await stage._host.StartAsync(cancellationToken);
        return stage;
    }

    /// <summary>Starts a Clustering process. A name that stays over restarts ends at once what a killed process had left open.</summary>
    public async Task<ServiceProcess> StartWorkerAsync(string name, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var environment = settings.Concat(_broker.Settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value!)))
            .Append(KeyValuePair.Create("Redis:ConnectionString", _store.ConnectionString))
            .Append(KeyValuePair.Create("Streaming:InstanceId", name))
            .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value, StringComparer.Ordinal);
        var worker = await ServiceProcess.StartAsync("Clustering", environment, cancellationToken);
        _workers.Add(worker);
        return worker;
    }

    public Task PublishAsync(string topic, IEnumerable<(string? Key, IMessage Value, long Time)> messages, CancellationToken cancellationToken, int? partition = null)
        => Parallel.ForEachAsync(messages.Chunk(AtOnce), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (chunk, token)
            => await Task.WhenAll(chunk.Select(message => Publisher.PublishAsync(topic, message.Key, message.Value, DateTimeOffset.FromUnixTimeMilliseconds(message.Time), token, partition))));

    /// <summary>All records of a topic, partition after partition.</summary>
    public async Task<List<StreamRecord>> RecordsAsync(string topic, CancellationToken cancellationToken)
    {
        var records = new List<StreamRecord>();
        var reader = _host.Services.GetRequiredService<IPartitionReader>();
        for (var partition = 0; partition < await PartitionsAsync(topic, cancellationToken); partition++)
        {
            await foreach (var record in reader.ReadToEndAsync(topic, partition, cancellationToken))
            {
                records.Add(record);
            }
        }

        return records;
    }

    public ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken)
        => _host.Services.GetRequiredService<ITopics>().PartitionsAsync(topic, cancellationToken);

    /// <summary>The newest published version.</summary>
    public async Task<LayerSetMarker?> MarkerAsync(CancellationToken cancellationToken)
        => (await RecordsAsync(Topics.Layers, cancellationToken)).LastOrDefault(record => record.Key == "set")?.Value is { } value ? LayerSetMarker.Parser.ParseFrom(value.Span) : null;

    public async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (budget.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Patience} for {what}. The last process said: {_workers.LastOrDefault()?.Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        await _host.StopAsync();
        _host.Dispose();
        await Redis.DisposeAsync();
        await _store.DisposeAsync();
        await _broker.DisposeAsync();
    }
}
