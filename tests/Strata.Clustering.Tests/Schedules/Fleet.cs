using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Strata.Clustering.Catalogue;
using Strata.Clustering.Groups;
using Strata.Clustering.Interests;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Naming;
using Strata.Clustering.Points;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>
/// Worker processes and the reducer over logs in memory, moved on one step at a time by whoever holds the schedule. What a broker promises
/// is kept: a transaction gets through as a whole or not at all, and only while its partition is held.
/// </summary>
internal sealed class Fleet
{
    public const ulong Log = 77;
    // So few cached users that values come back from the store all the time.
    private static readonly InterestsOptions Interests = new() { CachedUsers = 5 };
    private readonly OneThread _thread = new();
    private readonly long[] _committed;
    private readonly List<Worker> _workers = [];
    private readonly LayersOptions _layers;
    private readonly PointsOptions _points;
    private readonly ItemTable _catalogue;
    private TransactionOutput _reducerOutput = null!;
    private long _reducerCommitted;
    private long _reducerRead;

    public Fleet(int workers, int partitions, LayersOptions layers, PointsOptions points)
    {
        (_layers, _points, _committed) = (layers, points, new long[partitions]);
        _catalogue = new ItemTable(Clock, NullLogger<ItemTable>.Instance);
        _workers.AddRange(Enumerable.Range(0, workers).Select(_ => new Worker()));
    }

    public FakeTimeProvider Clock { get; } = new();

    public InMemoryLog Logs { get; } = new();

    public InMemoryStateStore Store { get; } = new();

    public IReadOnlyList<Worker> Workers => _workers;

    private LayerReducerHandler Reducer { get; set; } = null!;

    public int Partitions => _committed.Length;

    /// <summary>Handlers that gave up because another process had written meanwhile.</summary>
    public int Fenced { get; private set; }

    /// <summary>Batches that had to wait for a newer set.</summary>
    public int Waits { get; private set; }

    public void Seed(IReadOnlyList<StreamRecord> items)
    {
        _thread.Finish(async () => await _catalogue.ApplyAsync(items, CancellationToken.None));
        _catalogue.CaughtUp();
        Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, LayerCommandCodec.Seed(), Clock.GetUtcNow());
        StartReducer();
        Reduce(1);
        _reducerOutput.Through();
        for (var partition = 0; partition < Partitions; partition++)
        {
            Give(partition, _workers[partition % _workers.Count]);
        }
    }

    /// <summary>A worker takes a partition; whoever had it learns of it later or never.</summary>
    public void Give(int partition, Worker worker)
    {
        Take(partition);
        var context = new PartitionContext("clustering-points", partition, Of(Share.Topic, Log), Of(Share.Topic, _committed[partition]));
        var users = new UserStore(Store, ForgottenMarksOver.Store(Store), context, Share.Topic, Interests);
        var (metrics, logger) = (new PointsMetrics(new Meters()), NullLogger<PointsHandler>.Instance);
        var handler = new PointsHandler(context, worker.Layers, users, new(users, _catalogue, Interests), _points, metrics, Clock, logger);
        var share = new Share(
            handler, new TransactionOutput((sent, next) => Through(sent, () => _committed[partition] = next), _committed[partition]));
        _thread.Finish(async () => share.Read = Math.Min((await handler.StartAsync(default))[Share.Topic], _committed[partition]));
        worker.Shares[partition] = share;
    }

    /// <summary>Hands the partition over in good order: drained and committed, if no batch is in hand.</summary>
    public void Move(int partition, Worker to)
    {
        if (Holder(partition) is { } holder && holder.Shares[partition] is { IsBusy: false } share)
        {
            Drain(share);
        }

        Give(partition, to);
    }

    /// <summary>A crash: the partitions go to the others, a new process starts in its place with an empty table.</summary>
    public void Kill(Worker worker, Func<int, Worker> heir)
    {
        _workers[_workers.IndexOf(worker)] = new Worker();
        foreach (var (partition, share) in worker.Shares)
        {
            share.Output.Void();
            Give(partition, heir(partition));
        }
    }

    public void Handle(Worker worker, int partition, int batch)
    {
        var share = worker.Shares[partition];
        var records = Logs.From(Share.Topic, partition, share.Read).Take(batch).ToList();
        if (share.IsBusy || records.Count == 0)
        {
            return;
        }

        share.Read = records[^1].Offset + 1;
        share.Batch = _thread.Run(async () => await share.Handler.HandleAsync(records, share.Output, CancellationToken.None));
        Waits += share.IsBusy ? 1 : 0;
        Settle();
    }

    public void Idle(Share share)
    {
        if (!share.IsBusy)
        {
            _thread.Finish(async () => await share.Handler.IdleAsync(share.Output, CancellationToken.None));
        }
    }

    public void Drain(Share share)
    {
        _thread.Finish(async () => await share.Handler.DrainAsync(share.Output, CancellationToken.None));
        share.Commit();
    }

    /// <summary>The worker's table reads on, wherever in a version that ends.</summary>
    public void ReadLayers(Worker worker, int records)
    {
        var next = Logs.From(Topics.Layers, 0, worker.TableRead).Take(records).ToList();
        worker.TableRead += next.Count;
        _thread.Finish(async () => await worker.Layers.ApplyAsync(next, CancellationToken.None));
        Settle();
    }

    public void StartReducer()
    {
        _reducerOutput?.Void();
        var topic = Topics.LayerDeltas;
        _reducerOutput = new TransactionOutput((sent, next) => Through(sent, () => _reducerCommitted = next), _reducerCommitted);
        var context = new PartitionContext("layer-reducer", 0, Of(topic, Log), Of(topic, _reducerCommitted));
        Reducer = new LayerReducerHandler(
            context, Logs, _catalogue, new TitleBook(), _layers, new ReducerOptions(), new GroupsOptions(),
            new SegmentsOptions(), new ReducerMetrics(new Meters()), Clock, NullLogger<LayerReducerHandler>.Instance);
        _thread.Finish(async () => _reducerRead = Math.Min(
            (await Reducer.StartAsync(CancellationToken.None)).GetValueOrDefault(topic, long.MaxValue), _reducerCommitted));
    }

    public void Reduce(int batch)
    {
        var records = Logs.From(Topics.LayerDeltas, 0, _reducerRead).Take(batch).ToList();
        if (records.Count > 0)
        {
            _thread.Finish(async () => await Reducer.HandleAsync(records, _reducerOutput, CancellationToken.None));
            _reducerRead = records[^1].Offset + 1;
        }
    }

    public void CommitReducer() => _reducerOutput.Through();

    /// <summary>A delta comes again, as from a producer that was not sure.</summary>
    public void Repeat(Random random)
    {
        if (Logs.From(Topics.LayerDeltas, 0, 1) is { Count: > 0 } deltas)
        {
            var delta = deltas[random.Next(deltas.Count)];
            Logs.Append(delta.Topic, 0, delta.Key, delta.Value!.Value.ToArray(), delta.Timestamp);
        }
    }

    /// <summary>Everything that can still happen happens.</summary>
    public void Finish()
    {
        for (var quiet = 0; quiet < 3;)
        {
            var before = State();
            foreach (var worker in _workers)
            {
                ReadLayers(worker, int.MaxValue);
                foreach (var partition in worker.Shares.Keys.ToArray())
                {
                    Handle(worker, partition, int.MaxValue);
                    if (worker.Shares[partition] is { IsBusy: false } share)
                    {
                        Drain(share);
                    }
                }
            }

            Reduce(int.MaxValue);
            CommitReducer();
            quiet = before == State() ? quiet + 1 : 0;
        }

        (int, int, long, long) State()
            => (Logs.From(Topics.LayerDeltas, 0, 0).Count, Logs.From(Topics.Layers, 0, 0).Count, _committed.Sum(), _reducerRead);
    }

    private static Dictionary<string, T> Of<T>(string topic, T value) => new() { [topic] = value };

    private Worker? Holder(int partition) => _workers.Find(worker => worker.Shares.ContainsKey(partition));

    private void Take(int partition)
    {
        if (Holder(partition) is { } holder)
        {
            // Its batch in hand may go on, writes to the store included; its transaction does not.
            holder.Shares[partition].Output.Void();
            holder.Shares.Remove(partition);
        }
    }

    private void Through(IReadOnlyList<SentMessage> sent, Action move)
    {
        Logs.Append(sent);
        move();
    }

    /// <summary>A handler that failed is thrown away; another one starts where the group stands.</summary>
    private void Settle()
    {
        foreach (var worker in _workers)
        {
            foreach (var (partition, share) in worker.Shares.Where(share => share.Value.Batch.IsFaulted).ToArray())
            {
                Assert.IsType<StateFencedException>(share.Batch.Exception!.InnerException);
                Fenced++;
                Give(partition, worker);
            }
        }
    }
}
