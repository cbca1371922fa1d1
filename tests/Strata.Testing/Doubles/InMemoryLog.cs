using System.Runtime.CompilerServices;
using Google.Protobuf;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Testing.Doubles;

/// <summary>Partitions as lists of records, read from their beginning.</summary>
public sealed class InMemoryLog : IPartitionReader
{
    private readonly Dictionary<(string Topic, int Partition), List<StreamRecord>> _records = [];

    /// <summary>What its readers left out, and why.</summary>
    public List<(StreamRecord Record, string Reason)> Skipped { get; } = [];

    /// <summary>Appends a message and returns its record.</summary>
    public StreamRecord Append(string topic, int partition, string? key, IMessage? value, DateTimeOffset timestamp)
        => Append(topic, partition, key, value?.ToByteArray(), timestamp);

    /// <summary>Appends bytes and returns their record.</summary>
    public StreamRecord Append(string topic, int partition, string? key, byte[]? value, DateTimeOffset timestamp)
    {
        if (!_records.TryGetValue((topic, partition), out var log))
        {
            _records[(topic, partition)] = log = [];
        }

        var record = new StreamRecord(topic, partition, log.Count, key, value is null ? null : (ReadOnlyMemory<byte>?)value, timestamp, [])
        {
            OnSkip = (skipped, reason) => Skipped.Add((skipped, reason)),
        };
        log.Add(record);
        return record;
    }

    /// <summary>Appends what was sent to explicit partitions.</summary>
    public void Append(IEnumerable<SentMessage> sent)
    {
        foreach (var message in sent)
        {
            Append(message.Topic, message.Partition ?? 0, message.Key, message.Value, message.Timestamp);
        }
    }

    /// <summary>Records of a partition from an offset on.</summary>
    public IReadOnlyList<StreamRecord> From(string topic, int partition, long offset)
        => _records.GetValueOrDefault((topic, partition), []) is var log && offset < log.Count ? log[(int)offset..] : [];

    public async IAsyncEnumerable<StreamRecord> ReadToEndAsync(
        string topic, int partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in From(topic, partition, 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<StreamRecord> ReadSinceAsync(
        string topic, int partition, DateTimeOffset since, CancellationToken cancellationToken)
        => ReadToEndAsync(topic, partition, cancellationToken).SkipWhile(record => record.Timestamp < since);

    public ValueTask<IReadOnlyDictionary<long, StreamRecord>> ReadAtAsync(
        string topic, int partition, IReadOnlyCollection<long> offsets, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyDictionary<long, StreamRecord>>(
            From(topic, partition, 0).Where(record => offsets.Contains(record.Offset)).ToDictionary(record => record.Offset));
}
