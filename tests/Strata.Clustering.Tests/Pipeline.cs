using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Strata.Clustering.Catalogue;
using Strata.Clustering.Groups;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Interests;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Naming;
using Strata.Clustering.Points;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Numerics;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;

namespace Strata.Clustering.Tests;

/// <summary>
/// Workers, reducer and tables over logs in memory. A crash throws a handler away with what it had not committed; its successor starts
/// where the group stands.
/// </summary>
internal sealed class Pipeline
{
    public const ulong Log = 77;

    private readonly Dictionary<int, PointsHandler> _workers = [];
    private readonly Dictionary<int, RecordingOutput> _workerOutputs = [];
    private readonly Dictionary<int, long> _read = [];
    private long _reducerRead;
    private int _tableRead;

    public Pipeline(LayersOptions? layers = null, PointsOptions? points = null, ReducerOptions? reducer = null)
    {
        LayersOptions = layers ?? new LayersOptions { Layers = 8 };
        PointsOptions = points ?? new PointsOptions();
        ReducerOptions = reducer ?? new ReducerOptions();
        Catalogue = new ItemTable(Clock, NullLogger<ItemTable>.Instance);
        Layers = new LayerTable(NullLogger<LayerTable>.Instance);
        Layers.CaughtUp();
    }

    public FakeTimeProvider Clock { get; } = new();

    public InMemoryLog Logs { get; } = new();

    public InMemoryStateStore Store { get; set; } = new();

    public ItemTable Catalogue { get; }

    public LayerTable Layers { get; }

    public TitleBook Titles { get; set; } = new();

    public LayersOptions LayersOptions { get; }

    public PointsOptions PointsOptions { get; }

    public ReducerOptions ReducerOptions { get; }

    public SegmentsOptions SegmentsOptions { get; set; } = new();

    /// <summary>The segments as they were published last; null: never.</summary>
    public Contracts.Layers.V1.SegmentSet? Segments
        => Logs.From(Topics.Layers, 0, 0).LastOrDefault(record => record.Key == Keys.Segments) is { Value: { } value }
            ? Contracts.Layers.V1.SegmentSet.Parser.ParseFrom(value.Span)
            : null;

    public RecordingOutput ReducerOutput { get; private set; } = new();

    public LayerReducerHandler? Reducer { get; private set; }

    public LayerSet Set => Layers.Current!.Set;

    public IReadOnlyList<Contracts.Layers.V1.LayerDelta> Deltas
        => [.. Logs.From(Topics.LayerDeltas, 0, 0)
            .Where(record => record.Key is null)
            .Select(record => Contracts.Layers.V1.LayerDelta.Parser.ParseFrom(record.Value!.Value.Span))];

    public RecordingOutput OutputOf(int partition)
        => _workerOutputs.TryGetValue(partition, out var output) ? output : _workerOutputs[partition] = new RecordingOutput();

    public async Task FillCatalogueAsync(IEnumerable<(string Id, string Title, Int8Vector Vector)> items)
    {
        var records = items.Select(
            item => Logs.Append(Topics.ItemFeatures, 0, item.Id, Features(item.Id, item.Title, item.Vector), Clock.GetUtcNow())).ToArray();
        await Catalogue.ApplyAsync(records, default);
        Catalogue.CaughtUp();
    }

    public async Task SeedAsync(TopicWorld world, int items = 400)
    {
        await FillCatalogueAsync(world.Take(items).Select((p, i) => ($"item{i:D5}", $"topic{p.Topic} thing", p.Vector)));
        Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, Clustering.Layers.Wire.LayerCommandCodec.Seed(), Clock.GetUtcNow());
        await ReduceAsync();
    }

    public void Append(int partition, string user, Int8Vector vector, float weight, long time)
        => Logs.Append(
            Topics.InterestPoints, partition, user, Point(user, vector, weight, time), DateTimeOffset.FromUnixTimeMilliseconds(time));

    public static InterestPoint Point(string user, Int8Vector vector, float weight, long time) => new()
    {
        UserId = user,
        Weight = weight,
        EventTimeUnixMs = time,
        Vector = new Vector { Codes = ByteString.CopyFrom(vector.Codes.Span), Scale = vector.Scale },
    };

    private PointsHandler NewWorker(int partition)
    {
        var topic = Topics.InterestPoints;
        var committed = OutputOf(partition).Committed(topic);
        var context = new PartitionContext(
            "clustering-points",
            partition,
            new Dictionary<string, ulong> { [topic] = Log },
            new Dictionary<string, long> { [topic] = committed });
        var users = new UserStore(Store, ForgottenMarksOver.Store(Store), context, topic, new InterestsOptions());
        return _workers[partition] = new PointsHandler(
            context,
            Layers,
            users,
            new PointWeighing(users, Catalogue, new InterestsOptions()),
            PointsOptions,
            new PointsMetrics(new Meters()),
            Clock,
            NullLogger<PointsHandler>.Instance);
    }

    /// <summary>
    /// Starts the partition's handler where group and store stand and hands it the records up to <paramref name="until"/>, in batches.
    /// </summary>
    public async Task WorkAsync(int partition, int batch = 100, long until = long.MaxValue, bool restart = false)
    {
        if (restart || !_workers.TryGetValue(partition, out var worker))
        {
            OutputOf(partition).Crash();
            worker = NewWorker(partition);
            _read[partition] = Math.Min(
                (await worker.StartAsync(default)).GetValueOrDefault(Topics.InterestPoints, long.MaxValue),
                OutputOf(partition).Committed(Topics.InterestPoints));
        }

        foreach (var records in Logs.From(Topics.InterestPoints, partition, _read[partition]).Where(record => record.Offset < until)
            .Chunk(batch))
        {
            await worker.HandleAsync(records, OutputOf(partition), default);
            _read[partition] = records[^1].Offset + 1;
        }

        Collect(partition);
    }

    public async Task DrainAsync(int partition)
    {
        await _workers[partition].DrainAsync(OutputOf(partition), default);
        Collect(partition);
    }

    public async Task IdleAsync(int partition)
    {
        await _workers[partition].IdleAsync(OutputOf(partition), default);
        Collect(partition);
    }

    public async Task StartReducerAsync(long? rewound = null)
    {
        ReducerOutput.Crash();
        var topic = Topics.LayerDeltas;
        var committed = ReducerOutput.Committed(topic);
        var context = new PartitionContext(
            "layer-reducer", 0, new Dictionary<string, ulong> { [topic] = Log }, new Dictionary<string, long> { [topic] = committed })
        {
            Rewound = rewound is { } offset ? new Dictionary<string, long> { [topic] = offset } : new Dictionary<string, long>(),
        };
        Reducer = new LayerReducerHandler(
            context,
            Logs,
            Catalogue,
            Titles,
            LayersOptions,
            ReducerOptions,
            new GroupsOptions(),
            SegmentsOptions,
            new ReducerMetrics(new Meters()),
            Clock,
            NullLogger<LayerReducerHandler>.Instance);
        _reducerRead = Math.Min((await Reducer.StartAsync(default)).GetValueOrDefault(topic, long.MaxValue), rewound ?? committed);
    }

    /// <summary>Reduces what lies in the deltas' log and lets the table read what is published.</summary>
    public async Task ReduceAsync(int batch = 10, bool restart = false)
    {
        if (restart || Reducer is null)
        {
            await StartReducerAsync();
        }

        foreach (var records in Logs.From(Topics.LayerDeltas, 0, _reducerRead).Chunk(batch))
        {
            await Reducer!.HandleAsync(records, ReducerOutput, default);
            _reducerRead = records[^1].Offset + 1;
        }

        await PublishAsync();
    }

    public async Task PublishAsync()
    {
        Logs.Append(ReducerOutput.Sent);
        ReducerOutput.Sent.Clear();
        var records = Logs.From(Topics.Layers, 0, _tableRead);
        if (records.Count > 0)
        {
            await Layers.ApplyAsync(records, default);
            _tableRead += records.Count;
        }

        Layers.CaughtUp();
    }

    private void Collect(int partition)
    {
        Logs.Append(OutputOf(partition).Sent);
        OutputOf(partition).Sent.Clear();
    }

    private static ItemFeatures Features(string id, string title, Int8Vector vector)
    {
        var features = new ItemFeatures
        {
            ItemId = id,
            Title = title,
            Encoder = "test",
            Embedding = new Vector { Codes = ByteString.CopyFrom(vector.Codes.Span), Scale = vector.Scale },
        };
        features.Terms.Add(title.Split(' ').Select(word => new TermWeight { Term = word, Weight = .5f }));
        return features;
    }
}
