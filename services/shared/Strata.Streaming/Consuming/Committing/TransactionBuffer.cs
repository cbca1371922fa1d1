using System.Diagnostics;
using Google.Protobuf;
using Strata.Contracts;
using Strata.Streaming.Records;
using Strata.Streaming.Telemetry;

namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// The output of one handler's life. What the handler sends and commits during a call is sealed when the call returns (or flushes), so that
/// positions of several topics and their messages always are one step; the commit loop takes what is sealed while the handler goes on.
/// </summary>
internal sealed class TransactionBuffer(
    ConsumerEnvironment consumer,
    CommitSignal commits,
    int number,
    IReadOnlyDictionary<string, long> committed) : PartitionOutput
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _committed = new(committed, StringComparer.Ordinal);
    private readonly Dictionary<string, long> _newest = new(committed, StringComparer.Ordinal);
    private readonly Dictionary<string, long> _handed = new(StringComparer.Ordinal);
    private readonly OutputBuffer _open = new();
    private readonly FlushWaits _flushes = new();
    private OutputBuffer _sealed = new();
    private TaskCompletionSource? _space;
    private TaskCompletionSource? _inFlight;
    private int _taken;
    private long _version;
    private long _done;
    private bool _calling;
    private bool _ended;
    private bool _void;

    public int Partition => number;

    /// <summary>True when a position moved on in this life.</summary>
    public bool Progressed { get; private set; }

    /// <summary>True when the partition was given up.</summary>
    public bool IsVoid
    {
        get
        {
            lock (_lock)
            {
                return _void;
            }
        }
    }

    public override void Send(string topic, string? key, IMessage? value, DateTimeOffset timestamp, int? partition = null)
        => Add(OutgoingMessage.Of(topic, key, value?.ToByteArray(), timestamp, partition));

    public override void DeadLetter(StreamRecord record, string reason, Exception? error = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        var letter = DeadLetters.Of(record, reason, error, consumer.Group, Environment.MachineName);

        // Kept for days from now on, so its time is now; one partition, so that operators read them in one order.
        var topic = Topics.DeadLettersOf(record.Topic);
        Add(OutgoingMessage.Of(topic, DeadLetters.KeyOf(record), letter.ToByteArray(), consumer.Time.GetUtcNow(), 0));
        consumer.Metrics.DeadLetter(consumer.Group, record.Topic);
        consumer.Logger.DeadLettered(consumer.Group, record.Topic, record.Partition, record.Offset, record.KeyHash, reason);
    }

    public override void Commit(string topic, long next)
    {
        lock (_lock)
        {
            var handed = _handed.TryGetValue(topic, out var last) ? last : _committed.GetValueOrDefault(topic);
            if (next > handed)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(next), next, $"{topic} was handed over only up to {handed}: committing more would skip records");
            }

            _newest[topic] = Math.Max(next, _newest.GetValueOrDefault(topic));
            _open.Positions[topic] = _newest[topic];
            if (_calling || !Seal())
            {
                return;
            }
        }

        commits.Wake();
    }

    public override long Committed(string topic)
    {
        lock (_lock)
        {
            return _committed.GetValueOrDefault(topic);
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Task done;
        lock (_lock)
        {
            ThrowIfEnded();
            Seal();
            if (_done == _version)
            {
                return ValueTask.CompletedTask;
            }

            done = _flushes.Add(_version);
        }

        commits.Wake();
        return new ValueTask(done.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// A batch goes to the handler: positions up to its end may be committed, and are sealed together when the call returns.
    /// </summary>
    public void BeginCall(IReadOnlyList<StreamRecord> batch)
    {
        lock (_lock)
        {
            _calling = true;
            foreach (var record in batch)
            {
                _handed[record.Topic] = record.Offset + 1;
            }
        }
    }

    public void EndCall()
    {
        lock (_lock)
        {
            _calling = false;
            if (!Seal())
            {
                return;
            }
        }

        commits.Wake();
    }

    /// <summary>Waits until fewer than <paramref name="limit"/> messages wait for their commit.</summary>
    public ValueTask SpaceAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfEnded();
            if (_sealed.Messages.Count + _taken < limit)
            {
                return ValueTask.CompletedTask;
            }

            _space = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_space.Task.WaitAsync(cancellationToken));
        }
    }

    public CommitNeed Need()
    {
        lock (_lock)
        {
            return _sealed.IsEmpty ? CommitNeed.None
                : _flushes.Any ? CommitNeed.Flush
                : _sealed.Messages.Count > 0 ? CommitNeed.Output
                : CommitNeed.Position;
        }
    }

    /// <summary>
    /// What is sealed, to be committed now; null when there is nothing. Its outcome must be told: <see cref="Done"/>, <see cref="Aborted"/>
    /// or <see cref="Return"/>.
    /// </summary>
    public PendingCommit? Take()
    {
        lock (_lock)
        {
            if (_sealed.IsEmpty)
            {
                return null;
            }

            var pending = new PendingCommit(_sealed.Messages, _sealed.Positions, _version);
            _taken = _sealed.Messages.Count;
            _inFlight = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _sealed = new OutputBuffer();
            return pending;
        }
    }

    public void Done(PendingCommit pending)
    {
        lock (_lock)
        {
            _taken = 0;
            _done = pending.Version;
            foreach (var (topic, next) in pending.Positions)
            {
                Progressed |= next > _committed.GetValueOrDefault(topic);
                _committed[topic] = next;
            }

            _flushes.Release(_done);
            _space?.TrySetResult();
            _space = null;
            Settle();
        }
    }

    /// <summary>What was taken was not committed and never will be.</summary>
    public void Aborted()
    {
        lock (_lock)
        {
            Settle();
        }
    }

    /// <summary>Puts back positions whose commit may be tried again.</summary>
    public void Return(PendingCommit pending)
    {
        Debug.Assert(pending.Messages.Count == 0, "only positions go back: messages belong to one transaction");
        lock (_lock)
        {
            foreach (var (topic, next) in pending.Positions.Where(_ => !_ended))
            {
                _sealed.Positions.TryAdd(topic, next); // what was sealed since is newer
            }

            Settle();
        }
    }

    /// <summary>The handler is gone: nothing more is sent or taken, whoever waits is told. What is in flight goes on.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _open.Clear();
            _sealed.Clear();
            _flushes.Fail(Over());
            _space?.TrySetException(Over());
        }
    }

    /// <summary>The partition is given up: what is in flight must not be committed either, if it can still be stopped.</summary>
    public void Void()
    {
        lock (_lock)
        {
            _void = true;
        }

        End();
    }

    /// <summary>
    /// Waits until nothing is in flight: only then the group's committed position tells what the next handler must begin with.
    /// </summary>
    public Task SettleAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _inFlight?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }

    private void Add(OutgoingMessage message)
    {
        Tracing.Inject(Activity.Current, message.Message.Headers);
        lock (_lock)
        {
            ThrowIfEnded();
            _open.Messages.Add(message);
        }
    }

    // Messages without a position stay open: they belong to the position that comes.
    private bool Seal()
    {
        if (_open.Positions.Count == 0 || _ended)
        {
            return false;
        }

        _open.MoveTo(_sealed);
        _version++;
        return true;
    }

    private void Settle()
    {
        _inFlight?.TrySetResult();
        _inFlight = null;
    }

    private void ThrowIfEnded()
    {
        if (_ended)
        {
            throw Over();
        }
    }

    private InvalidOperationException Over()
        => new($"partition {number} of {consumer.Group} is not this handler's any more: what it had not committed is void");
}
