using Google.Protobuf;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>
/// The output of one handler's life: what is sent and committed waits until the schedule lets the transaction through, all or nothing, or
/// throws it away.
/// </summary>
internal sealed class TransactionOutput(Action<IReadOnlyList<SentMessage>, long> commit, long committed) : PartitionOutput
{
    private readonly List<SentMessage> _open = [];
    private readonly List<SentMessage> _ready = [];
    private long _position = committed;
    private long _committed = committed;
    private bool _void;

    public override void Send(string topic, string? key, IMessage? value, DateTimeOffset timestamp, int? partition = null)
        => _open.Add(new SentMessage(topic, key, value, timestamp, partition));

    public override void DeadLetter(StreamRecord record, string reason, Exception? error = null) => Assert.Fail($"a dead letter: {reason}");

    public override void Commit(string topic, long next)
    {
        _position = Math.Max(_position, next);
        _ready.AddRange(_open);
        _open.Clear();
    }

    public override long Committed(string topic) => _committed;

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Through();
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets everything committed so far through, together with its position.</summary>
    public void Through()
    {
        if (_void || (_ready.Count == 0 && _position == _committed))
        {
            return;
        }

        commit([.. _ready], _position);
        _ready.Clear();
        _committed = _position;
    }

    /// <summary>The partition is given up or its process is gone: nothing gets through any more.</summary>
    public void Void() => _void = true;
}
