using Polly;

namespace Strata.Streaming;

/// <summary>
/// Looks after one assigned partition number: life after life of a handler, until the partition is drained or abandoned. A life that fails is followed by another one
/// from the committed position, after a backoff; too many failures in a row without progress end the host.
/// </summary>
internal sealed class PartitionRunner : IDisposable
{
    private readonly ConsumerScope _scope;
    private readonly int _number;
    private readonly Func<int, CancellationToken, Task<IReadOnlyDictionary<string, long>>> _committed;
    private readonly ResiliencePipeline _restart;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _abandoned = new();
    private volatile PartitionLife? _life;

    public PartitionRunner(ConsumerScope scope, int number, Func<int, CancellationToken, Task<IReadOnlyDictionary<string, long>>> committed, ResiliencePipeline restart)
    {
        _scope = scope;
        _number = number;
        _committed = committed;
        _restart = restart;
    }

    /// <summary>Ends when the handler is gone.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public PartitionOutbox? Outbox => _life?.Outbox;

    /// <summary>True while a failed handler waits for its next life.</summary>
    public bool Failing { get; private set; }

    /// <param name="predecessor">The end of the last runner of this partition number in this process: two handlers of one partition never live side by side.</param>
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
        _life?.Outbox?.Void();
    }

    /// <summary>Ends the present life as if its handler had failed.</summary>
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
                fault = await _restart.ExecuteAsync(async _ =>
                {
                    if (Interlocked.Exchange(ref fault, null) is { } carried)
                    {
                        throw new PartitionFaultException(carried);
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
            _scope.Fatal(fault.InnerException!);
        }
        catch (Exception fault)
        {
            _scope.Fatal(fault);
        }
    }

    // Null: ended in good order. A fault is returned when there was progress before it, and thrown when there was none.
    private async ValueTask<Exception?> LiveAsync()
    {
        var life = new PartitionLife(_scope, _number, _committed, _closing.Token, _abandoned.Token);
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
                _scope.Logger.DrainFailed(fault, _scope.Group, _number);
            }

            return null;
        }
        catch (Exception fault)
        {
            Failing = true;
            _scope.Metrics.Restarted(_scope.Group, fault.GetType().Name);
            _scope.Logger.HandlerFailed(fault, _scope.Group, _number);
            return life.Outbox is { Progressed: true } ? fault : throw new PartitionFaultException(fault);
        }
        finally
        {
            _life = null;
            life.Dispose();
        }
    }
}

/// <summary>A partition's handler failed; the cause is inside.</summary>
internal sealed class PartitionFaultException(Exception inner) : Exception(inner.Message, inner);
