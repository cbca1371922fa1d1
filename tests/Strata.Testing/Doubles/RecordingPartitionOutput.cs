using Google.Protobuf;
using Strata.Streaming;

namespace Strata.Testing;

/// <summary>
/// Writes down what a handler sends and commits. As in the real one, what is sent counts only with the <see cref="Commit"/> that follows it; here that is at once.
/// </summary>
/// <param name="committed">The group's committed positions at the start.</param>
public sealed class RecordingPartitionOutput(IReadOnlyDictionary<string, long>? committed = null) : PartitionOutput
{
    private readonly Dictionary<string, long> _positions = new(committed ?? new Dictionary<string, long>(), StringComparer.Ordinal);
    private readonly List<SentMessage> _open = [];
    private readonly List<SentMessage> _sent = [];
    private readonly List<DeadLetteredRecord> _deadLetters = [];

    /// <summary>Messages sent and not committed yet, in order.</summary>
    public IReadOnlyList<SentMessage> Open => _open;

    /// <summary>Messages committed, in order.</summary>
    public IReadOnlyList<SentMessage> Sent => _sent;

    /// <summary>Dead letters, in order.</summary>
    public IReadOnlyList<DeadLetteredRecord> DeadLetters => _deadLetters;

    /// <summary>Committed positions by topic.</summary>
    public IReadOnlyDictionary<string, long> Positions => _positions;

    /// <summary>Times <see cref="Commit"/> was called.</summary>
    public int Commits { get; private set; }

    /// <summary>Messages committed to <paramref name="topic"/>, parsed; tombstones left out.</summary>
    public IReadOnlyList<T> SentTo<T>(string topic)
        where T : class, IMessage<T>
        => [.. _sent.Where(message => message.Topic == topic && message.Value is not null).Select(message => (T)message.Value!)];

    /// <inheritdoc/>
    public override void Send(string topic, string? key, IMessage? value, DateTimeOffset timestamp, int? partition = null)
        => _open.Add(new SentMessage(topic, key, Copy(value), timestamp, partition));

    /// <inheritdoc/>
    public override void DeadLetter(StreamRecord record, string reason, Exception? error = null) => _deadLetters.Add(new DeadLetteredRecord(record, reason, error));

    /// <inheritdoc/>
    public override void Commit(string topic, long next)
    {
        Commits++;
        _positions[topic] = Math.Max(next, _positions.GetValueOrDefault(topic));
        _sent.AddRange(_open);
        _open.Clear();
    }

    /// <inheritdoc/>
    public override long Committed(string topic) => _positions.GetValueOrDefault(topic);

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    // The real output keeps bytes: what the handler does to its message afterwards must not show here either.
    private static IMessage? Copy(IMessage? message) => message is null ? null : message.Descriptor.Parser.ParseFrom(message.ToByteArray());
}

/// <summary>A message that a handler sent.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Key">Key, or null.</param>
/// <param name="Value">Message; null is a tombstone.</param>
/// <param name="Timestamp">Record time.</param>
/// <param name="Partition">Partition asked for, or null.</param>
public sealed record SentMessage(string Topic, string? Key, IMessage? Value, DateTimeOffset Timestamp, int? Partition);

/// <summary>A record that a handler gave up.</summary>
/// <param name="Record">The record.</param>
/// <param name="Reason">Why.</param>
/// <param name="Error">The exception behind it, or null.</param>
public sealed record DeadLetteredRecord(StreamRecord Record, string Reason, Exception? Error);
