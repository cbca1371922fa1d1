using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Items.Core;
using Strata.Featurizer.TfIdf;
using Strata.Featurizer.TfIdf.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Featurizer.Items;

/// <summary>
/// Turns the items of one partition into features: document frequencies, then <c>item:&lt;id&gt;</c>, then strata.item-features.v1. Both
/// writes are fenced by the offset, so a second reading changes nothing and sends the stored features again.
/// </summary>
internal sealed class ItemsHandler(
    PartitionContext context,
    IStateStore store,
    ItemFeaturizer featurizer,
    IOptions<TfIdfOptions> frequencies,
    IOptions<ItemsOptions> options,
    ItemsMetrics metrics)
    : IPartitionHandler
{
    private readonly ulong _log = context.Logs[Topics.Items];
    private readonly long _sent = context.Committed.GetValueOrDefault(Topics.Items);
    private readonly string _frequenciesKey = Keys.DocumentFrequencies(context.Partition);
    private readonly string _positionKey = Keys.Position(context.Group, Topics.Items, context.Partition);
    private readonly Vocabulary _vocabulary = new(frequencies.Value.MaxTerms);
    private Fence _counted;
    private long _position;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        var position = (await store.ReadPositionsAsync([_positionKey], cancellationToken))[0];
        (_counted, var counts) = await store.ReadHashAsync(_frequenciesKey, cancellationToken);
        _vocabulary.Load(counts);
        _position = position.Log == _log ? position.Next : 0;
        var counted = _counted.Log == _log ? _counted.Next : 0;
        return new Dictionary<string, long> { [Topics.Items] = Math.Min(_position, counted) };
    }

    public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        foreach (var records in batch.Chunk(options.Value.ItemsPerCut))
        {
            await CutAsync(records, output, cancellationToken);
        }
    }

    public ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
        => store.CheckPositionsAsync([_positionKey], cancellationToken);

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask CutAsync(StreamRecord[] records, PartitionOutput output, CancellationToken cancellationToken)
    {
        var changes = Read(records, output);
        string[] ids = [.. changes.Select(change => change.ItemId).Distinct(StringComparer.Ordinal)];
        var values = await store.ReadMessagesAsync([.. ids.Select(Keys.Item)], ItemFeatures.Parser, cancellationToken);
        var stored = ids.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var newest = ItemPlan.Apply(changes, stored, _vocabulary, _log, _counted);
        await Parallel.ForEachAsync(
            newest.Where(change => change.Item is not null),
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = cancellationToken },
            (change, token) => featurizer.EmbedAsync(change.Item!, change.Features!, token));

        var next = records[^1].Offset + 1;
        var counts = _counted.Holds(_log, next - 1)
            ? null
            : new StateIncrement(_frequenciesKey, _counted, new Fence(_log, next), _vocabulary.TakeChanges());
        _position = Math.Max(_position, next);
        await store.WriteAsync(
            counts,
            [.. newest.Select(change => Write(change, stored[change.ItemId]))],
            [new(_positionKey, new Fence(_log, _position))],
            cancellationToken);
        _counted = counts?.Next ?? _counted;
        Send(changes, newest, stored, output);
        if (next > _sent)
        {
            output.Commit(Topics.Items, next);
        }

        metrics.Cut(
            newest.Count(change => change.Item is not null),
            newest.Count(change => change.Item is null),
            _vocabulary.Terms,
            context.Partition);
    }

    private List<ItemChange> Read(StreamRecord[] records, PartitionOutput output)
    {
        var changes = new List<ItemChange>(records.Length);
        foreach (var record in records)
        {
            if (ItemChange.TryRead(record, featurizer.Describe, out var change, out var reason))
            {
                changes.Add(change!);
            }
            else if (record.Offset >= _sent)
            {
                output.DeadLetter(record, reason!);
            }
        }

        return changes;
    }

    private StateWrite Write(ItemChange change, Stored<ItemFeatures> stored) => new(
        Keys.Item(change.ItemId),
        stored.Header,
        change.Features is null
            ? null
            : (ReadOnlyMemory<byte>?)FencedValue.Encode([new Fence(_log, change.Record.Offset + 1)], change.Features));

    private void Send(
        List<ItemChange> changes,
        IReadOnlyList<ItemChange> newest,
        Dictionary<string, Stored<ItemFeatures>> stored,
        PartitionOutput output)
    {
        var fresh = newest.ToDictionary(change => change.ItemId, StringComparer.Ordinal);
        var last = new Dictionary<string, ItemChange>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            last[change.ItemId] = change;
        }

        // Below the committed position the output is in the topic already, maybe followed by a newer one.
        foreach (var change in last.Values.Where(change => change.Record.Offset >= _sent).OrderBy(change => change.Record.Offset))
        {
            ItemFeatures? features = fresh.TryGetValue(change.ItemId, out var now) ? now.Features : stored[change.ItemId].Message;
            output.Send(Topics.ItemFeatures, change.ItemId, features, change.Record.Timestamp);
        }
    }
}
