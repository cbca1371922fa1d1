using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Streaming.Tables;

/// <summary>Reads a partition to the end that it had at the call, from its beginning or from a time on, or single records of it.</summary>
internal sealed class PartitionReader(StreamingParts parts) : IPartitionReader
{
    private const int MostAtOnce = 1000;

    private const long LastRecords = 10_000;

    private const string Group = "restore";

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    public IAsyncEnumerable<StreamRecord> ReadToEndAsync(string topic, int partition, CancellationToken cancellationToken)
        => ReadAsync(topic, partition, static (_, source, _) => new TopicPartitionOffset(source, Offset.Beginning), cancellationToken);

    public IAsyncEnumerable<StreamRecord> ReadSinceAsync(
        string topic, int partition, DateTimeOffset since, CancellationToken cancellationToken)
        => ReadAsync(topic, partition, (consumer, source, end) => PlaceOf(consumer, source, end, since), cancellationToken);

    private async IAsyncEnumerable<StreamRecord> ReadAsync(
        string topic,
        int partition,
        Func<IConsumer<RecordKey, byte[]?>, TopicPartition, long, TopicPartitionOffset> begin,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await parts.Gate.ReadyAsync(cancellationToken);
        await parts.Topics.PartitionsAsync(topic, cancellationToken); // the embedded broker makes the topic when it is asked for it
        using var consumer = parts.Clients.Reader($"restore-{topic}-{partition}");
        var source = new TopicPartition(topic, partition);
        var logger = parts.Loggers.CreateLogger<PartitionReader>();
        var end = (await parts.Ends.TrueAsync([source], cancellationToken))[source];
        if (end == 0)
        {
            yield break;
        }

        consumer.Assign(await Task.Run(() => begin(consumer, source, end), cancellationToken));
        for (var atEnd = false; !atEnd;)
        {
            // Consume blocks: its waits are short and on the pool, for the time of a restart only.
            (var records, atEnd) = await Task.Run(() => ReadSome(consumer, end, Skipped, cancellationToken), cancellationToken);
            foreach (var record in records)
            {
                yield return record;
            }
        }

        await Task.Run(consumer.Close, cancellationToken);

        void Skipped(StreamRecord record, string reason) => Skip(logger, record, reason);
    }

    public async ValueTask<IReadOnlyDictionary<long, StreamRecord>> ReadAtAsync(
        string topic, int partition, IReadOnlyCollection<long> offsets, CancellationToken cancellationToken)
    {
        await parts.Gate.ReadyAsync(cancellationToken);
        using var consumer = parts.Clients.Reader($"restore-{topic}-{partition}");
        var source = new TopicPartition(topic, partition);
        var logger = parts.Loggers.CreateLogger<PartitionReader>();
        var end = (await parts.Ends.TrueAsync([source], cancellationToken))[source];
        var records = new Dictionary<long, StreamRecord>(offsets.Count);
        await Task.Run(() => ReadEach(), cancellationToken);
        return records;

        void ReadEach()
        {
            foreach (var offset in offsets.Where(offset => offset < end).Order())
            {
                consumer.Assign(new TopicPartitionOffset(source, offset));
                ConsumeResult<RecordKey, byte[]?>? result;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    result = Poll(consumer);
                }
                while (result is null);

                // Of one that is gone the next that is left comes instead, or the end.
                if (!result.IsPartitionEOF && result.Offset == offset)
                {
                    records[offset] = RecordReader.Read(result, (record, reason) => Skip(logger, record, reason));
                }
            }

            consumer.Close();
        }
    }

    private void Skip(ILogger logger, StreamRecord record, string reason)
    {
        parts.Metrics.Skipped(Group, record.Topic);
        logger.RecordSkipped(Group, record, reason);
    }

    private TopicPartitionOffset PlaceOf(IConsumer<RecordKey, byte[]?> consumer, TopicPartition source, long end, DateTimeOffset since)
    {
        var place = consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(source, new Timestamp(since.UtcDateTime))], parts.Clients.RequestTimeout).Single();
        return new TopicPartitionOffset(source, place.Offset.Value >= 0 ? place.Offset : Math.Max(0, end - LastRecords));
    }

    private static (List<StreamRecord> Records, bool AtEnd) ReadSome(
        IConsumer<RecordKey, byte[]?> consumer, long end, Action<StreamRecord, string> onSkip, CancellationToken cancellationToken)
    {
        var records = new List<StreamRecord>();
        while (records.Count < MostAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Poll(consumer) is not { } result)
            {
                break;
            }

            // An end short of the end at the call is an open transaction: what lies behind it shows itself when that one ends.
            if (result.IsPartitionEOF)
            {
                if (result.Offset >= end)
                {
                    return (records, true);
                }

                continue;
            }

            records.Add(RecordReader.Read(result, onSkip));
            if (result.Offset + 1 >= end)
            {
                return (records, true);
            }
        }

        return (records, false);
    }

    private static ConsumeResult<RecordKey, byte[]?>? Poll(IConsumer<RecordKey, byte[]?> consumer)
    {
        try
        {
            return consumer.Consume(Wait);
        }
        catch (ConsumeException fault) when (BrokerFaults.Transient(fault))
        {
            return null; // the client goes on by itself
        }
    }
}
