using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Streaming.Connecting;
using Strata.Streaming.Inspection;

namespace Strata.Streaming.Archiving;

/// <summary>
/// Reads topics up to a line that all consumers agree on, while they run: for each group its position, and of what it writes exactly what
/// that position has led to. A broker that does not answer is a <see cref="TimeoutException"/>.
/// </summary>
/// <param name="client">How the broker is reached, see <see cref="ClientSettings"/>.</param>
public sealed class LogArchive(IReadOnlyDictionary<string, string> client) : IDisposable
{
    private const int Attempts = 300;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ArchiveAdmin _admin = new(client);

    /// <summary>Draws the line through the topics of a step, and says how far its groups are there.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">A topic is not there.</exception>
    public async Task<(IReadOnlyList<ArchivedLog> Logs, IReadOnlyList<ArchivedPosition> Positions)> CutAsync(
        ArchiveStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        var counts = _admin.Partitions(step.Topics);
        if (step.Topics.FirstOrDefault(topic => !counts.ContainsKey(topic)) is { } missing)
        {
            throw new InvalidDataException($"There is no topic {missing} at {ClientSettings.AddressIn(client)}: strata topics check");
        }

        var logs = await _admin.LogsAsync(counts);
        var begins = await _admin.OffsetsAsync([.. logs.Keys], OffsetSpec.Earliest());
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            // Positions wait for transactions that are about to end; the same before and after, nothing was committed in between. The
            // ends are those behind transactions that are under way: what another instance has committed behind the beginning of one
            // belongs to the positions, and an end before it would lose it. What such a one still commits is read, and done once more.
            var before = await _admin.PositionsAsync(step.Groups);
            var ends = await _admin.OffsetsAsync([.. logs.Keys], OffsetSpec.Latest(), IsolationLevel.ReadUncommitted);
            var after = await _admin.PositionsAsync(step.Groups);
            if (before is not null && after is not null && before.ToHashSet().SetEquals(after))
            {
                await UntilOverAsync(ends, cancellationToken);
                return (
                    [
                        .. logs.Select(log => new ArchivedLog(
                            log.Key.Topic, log.Key.Partition.Value, log.Value, begins[log.Key], ends[log.Key])),
                    ],
                    after);
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        throw new TimeoutException($"{string.Join(", ", step.Groups)} committed without a pause");
    }

    // An abandoned transaction is ended by the broker, after twenty seconds.
    private async Task UntilOverAsync(IReadOnlyDictionary<TopicPartition, long> ends, CancellationToken cancellationToken)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var over = await _admin.OffsetsAsync([.. ends.Keys], OffsetSpec.Latest());
            if (ends.FirstOrDefault(end => over[end.Key] < end.Value) is not { Key: { } open })
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"A transaction on {open.Topic} partition {open.Partition.Value} does not end");
            }

            await Task.Delay(Wait, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The records of a topic up to the line, those of a partition in their order.</summary>
    /// <param name="logs">Its partitions.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IEnumerable<LogRecord> Read(IReadOnlyCollection<ArchivedLog> logs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var open = logs.Where(log => log.End > log.Begin).ToDictionary(log => new TopicPartition(log.Topic, log.Partition));
        if (open.Count == 0)
        {
            yield break;
        }

        var settings = InspectionReading.Settings(client);
        settings.QueuedMaxMessagesKbytes = 65_536;
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings)
            .SetKeyDeserializer(Deserializers.ByteArray).SetValueDeserializer(Deserializers.ByteArray)
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        consumer.Assign(open.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var heard = TimeProvider.System.GetTimestamp();
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(Wait) is not { } result)
            {
                if (TimeProvider.System.GetElapsedTime(heard) > Patience)
                {
                    throw new TimeoutException(
                        $"The broker at {ClientSettings.AddressIn(client)} does not show {logs.First().Topic} to its end");
                }

                continue;
            }

            heard = TimeProvider.System.GetTimestamp();
            if (!open.TryGetValue(result.TopicPartition, out var log))
            {
                continue;
            }

            if (result.IsPartitionEOF || result.Offset.Value >= log.End)
            {
                open.Remove(result.TopicPartition);
                consumer.Pause([result.TopicPartition]);
                continue;
            }

            yield return new LogRecord(
                log.Partition,
                result.Offset.Value,
                result.Message.Key,
                result.Message.Value,
                [.. result.Message.Headers.Select(header => KeyValuePair.Create(header.Key, header.GetValueBytes() ?? []))]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _admin.Dispose();
}
