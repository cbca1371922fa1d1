using Google.Protobuf;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Testing.Doubles;

/// <summary>
/// Keeps what a handler sends and commits. Like a transaction, what was sent after the last commit is lost with the handler:
/// <see cref="Sent"/> holds committed messages only.
/// </summary>
public sealed class RecordingOutput : PartitionOutput
{
    private readonly List<SentMessage> _pending = [];
    private readonly List<DeadRecord> _pendingDead = [];
    private readonly Dictionary<string, long> _committed = [];

    /// <summary>Committed messages, in the order in which they were sent.</summary>
    public List<SentMessage> Sent { get; } = [];

    /// <summary>Committed dead letters.</summary>
    public List<DeadRecord> Dead { get; } = [];

    /// <summary>Calls of Commit, in order.</summary>
    public List<KeyValuePair<string, long>> Commits { get; } = [];

    /// <summary>When set, a commit fails with it before anything is committed.</summary>
    public Exception? FailCommits { get; set; }

    /// <summary>Committed positions by topic.</summary>
    public IReadOnlyDictionary<string, long> Positions => _committed;

    /// <summary>Messages sent and not yet committed.</summary>
    public IReadOnlyList<SentMessage> Pending => _pending;

    /// <summary>Committed messages of one type to one topic, of one key where it is given.</summary>
    public IReadOnlyList<T> SentTo<T>(string topic, string? key = null)
        where T : class, IMessage
        => [.. Sent.Where(message => message.Topic == topic && (key is null || message.Key == key))
            .Select(message => message.Value).OfType<T>()];

    public override void Send(string topic, string? key, IMessage? value, DateTimeOffset timestamp, int? partition = null)
        => _pending.Add(new SentMessage(topic, key, value, timestamp, partition));

    public override void DeadLetter(StreamRecord record, string reason, Exception? error = null)
        => _pendingDead.Add(new DeadRecord(record, reason, error));

    public override void Commit(string topic, long next)
    {
        if (FailCommits is { } fault)
        {
            throw fault;
        }

        Sent.AddRange(_pending);
        Dead.AddRange(_pendingDead);
        _pending.Clear();
        _pendingDead.Clear();
        Commits.Add(KeyValuePair.Create(topic, next));
        _committed[topic] = Math.Max(next, _committed.GetValueOrDefault(topic));
    }

    public override long Committed(string topic) => _committed.GetValueOrDefault(topic);

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>What a crash does to what was sent and not committed.</summary>
    public void Crash()
    {
        _pending.Clear();
        _pendingDead.Clear();
    }
}

/// <summary>A message as it was sent.</summary>
public sealed record SentMessage(string Topic, string? Key, IMessage? Value, DateTimeOffset Timestamp, int? Partition);

/// <summary>A record that became a dead letter.</summary>
public sealed record DeadRecord(StreamRecord Record, string Reason, Exception? Error);
