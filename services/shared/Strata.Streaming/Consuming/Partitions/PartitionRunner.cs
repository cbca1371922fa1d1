using Polly;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Telemetry;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>
/// Looks after one assigned partition number: life after life of a handler, until the partition is drained or abandoned. A life that fails
/// is followed by another one from the committed position, after a backoff; too many failures in a row without progress end the host.
/// </summary>
internal sealed class PartitionRunner(
    ConsumerEnvironment consumer,
    PartitionHandlers handlers,
    ResiliencePipeline restart,
    AwayFaults away,
    CommitSignal commits,
    IPolling polling,
    int number,
    Action<Exception> fatal) : ICommitSource, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Dictionary<string, long> _rewound = new(StringComparer.Ordinal);
    private volatile PartitionLife? _life;

    /// <summary>Ends when the handler is gone.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public TransactionBuffer? Buffer => _life?.Buffer;

    /// <summary>True when a handler lives that has loaded what it needs.</summary>
    public bool Started => Buffer is not null;

    /// <summary>True while a failed handler waits for its next life.</summary>
    public bool Failing { get; private set; }

    /// <summary>The group's position in <paramref name="topic"/> as the present handler knows it; 0 while there is none.</summary>
    public long Committed(string topic) => Buffer?.Committed(topic) ?? 0;

    /// <param name="predecessor">
    /// The end of the last runner of this partition number in this process: two handlers of one partition never live side by side.
    /// </param>
    public void Start(Task predecessor) => Completion = Task.Run(() => RunAsync(predecessor));

    /// <summary>Finish the batch in hand, drain, commit, end.</summary>
    public void Drain()
    {
        _closing.Cancel();
        _life?.Drain();
    }

    /// <summary>End at once; what isn't committed is void.</summary>
    public void Abandon()
    {
        _closing.Cancel();
        _abandoned.Cancel();
        _life?.Buffer?.Void();
    }

    public void Fail(Exception fault) => _life?.Fail(fault);

    public void Dispose()
    {
        _closing.Dispose();
        _abandoned.Dispose();
    }

    private async Task RunAsync(Task predecessor)
    {
        try
        {
            await Task.WhenAny(predecessor, Task.Delay(Timeout.InfiniteTimeSpan, _closing.Token));
            Exception? fault = null;
            do
            {
                // A fault after progress opens a new series: it is thrown first, so that the series starts with its backoff and counts it.
                fault = await restart.ExecuteAsync(async _ =>
                {
                    if (Interlocked.Exchange(ref fault, null) is { } carried and not RewindException)
                    {
                        throw Failed(carried);
                    }

                    return await LiveAsync();
                }, _closing.Token);
            }
            while (fault is not null);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nothing lives that could be drained.
        }
        catch (PartitionFaultException fault)
        {
            fatal(fault.InnerException!);
        }
        catch (Exception fault)
        {
            fatal(fault);
        }
    }

    // Null: ended in good order. A fault is returned when there was progress before it, and thrown when there was none.
    private async ValueTask<Exception?> LiveAsync()
    {
        var life = new PartitionLife(consumer, handlers, commits, polling, number, _rewound, _closing.Token, _abandoned.Token);
        _life = life;
        try
        {
            if (_closing.IsCancellationRequested)
            {
                return null;
            }

            Failing = false;
            await life.RunAsync();
            return null;
        }
        catch (Exception fault) when (_closing.IsCancellationRequested)
        {
            if (fault is not OperationCanceledException)
            {
                consumer.Logger.DrainFailed(fault, consumer.Group, number);
            }

            return null;
        }
        catch (RewindException rewind) when (!_rewound.TryGetValue(rewind.Topic, out var before) || rewind.Offset < before)
        {
            _rewound[rewind.Topic] = rewind.Offset;
            consumer.Metrics.Restarted(consumer.Group, RestartCause.Rewind, nameof(RewindException));
            consumer.Logger.Rewinds(consumer.Group, number, rewind.Topic, rewind.Offset, rewind.Message);
            return rewind;
        }
        catch (Exception fault)
        {
            Failing = true;
            consumer.Metrics.Restarted(
                consumer.Group, away.Pass(fault) ? RestartCause.Away : RestartCause.Fault, fault.GetType().Name);
            Tell(fault);
            return life.Buffer is { Progressed: true } ? fault : throw Failed(fault);
        }
        finally
        {
            _life = null;
            life.Dispose();
        }
    }

    private Exception Failed(Exception fault) => away.Pass(fault) ? new PartitionWaitException(fault) : new PartitionFaultException(fault);

    private void Tell(Exception fault)
    {
        if (!away.Pass(fault))
        {
            consumer.Logger.HandlerFailed(fault, consumer.Group, number);
        }
        else if (fault is not CommitAbortedException && consumer.Lines.Allows($"{consumer.Group} {fault.GetType().Name}"))
        {
            // One of the partitions stands for all: they fail together. What an aborted transaction means was said with the abort.
            consumer.Logger.HandlerWaits(consumer.Group, number, fault.GetType().Name, fault.Message);
        }
    }
}
