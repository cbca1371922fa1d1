using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Client;

/// <summary>
/// Sends events in batches, one call at a time, and tries again what may succeed later, with the same ids, so that each counts once. What
/// comes later of a user waits for what is tried again. For all threads; one for as long as the process runs, disposed at its end, which
/// sends the rest.
/// </summary>
public sealed class EventSender : IAsyncDisposable
{
    private const int MostBytes = 64 * 1024;
    private const string Unsent = "The sender was disposed before the event could be sent.";
    private const string Unanswered = "The sender was disposed before an answer came. The event may count: send it again with the same id.";

    private readonly Ingestion.IngestionClient _calls;
    private readonly EventSenderOptions _options;
    private readonly TimeProvider _time;
    private readonly RetryDelays _delays;
    private readonly EventQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly UnansweredEvents _pending;
    private readonly Task _sending;
    private int _disposed;

    /// <summary>Makes a sender and starts it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public EventSender(Ingestion.IngestionClient calls, EventSenderOptions? options = null, TimeProvider? time = null)
        : this(calls, options, time, new Random())
    {
    }

    internal EventSender(Ingestion.IngestionClient calls, EventSenderOptions? options, TimeProvider? time, Random chance)
    {
        _calls = calls ?? throw new ArgumentNullException(nameof(calls));
        _options = options ?? new EventSenderOptions();
        _options.Check();
        _time = time ?? TimeProvider.System;
        _delays = new RetryDelays(chance);
        _queue = new EventQueue(_options, _time);
        _pending = new UnansweredEvents(_options.Capacity, _options.OnFailed);
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Sends an event and waits for its answer. Many of them at a time share calls.</summary>
    /// <inheritdoc cref="EnqueueAsync" path="/exception" />
    public async Task<EventResult> SendAsync(UserEvent sent, CancellationToken cancellationToken = default)
        => await (await EnqueueAsync(sent, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>
    /// Puts an event in, as soon as there is room for it: that is what the awaited call waits for. The task it gives ends with the event's
    /// result, and never in a fault; who need not know leaves it. The event is given an id when it has none, and is not to be changed any
    /// more.
    /// </summary>
    /// <exception cref="ArgumentException">The event is larger than 64 KiB.</exception>
    /// <exception cref="ObjectDisposedException">The sender was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while the event waited for room: it was not put in.</exception>
    public async ValueTask<Task<EventResult>> EnqueueAsync(UserEvent sent, CancellationToken cancellationToken = default)
    {
        sent = sent ?? throw new ArgumentNullException(nameof(sent));
        if (sent.EventId.Length == 0)
        {
            sent.EventId = Guid.NewGuid().ToString();
        }

        var pending = new PendingEvent(sent, _time.GetTimestamp());
        if (pending.Size > MostBytes)
        {
            throw new ArgumentException($"The event has {pending.Size} bytes, and {MostBytes} at most are sent.", nameof(sent));
        }

        await _pending.AddAsync(pending, cancellationToken).ConfigureAwait(false);
        if (!_queue.TryAdd(pending))
        {
            _pending.Settle(pending, EventResult.Failed(sent, StatusCode.Cancelled, Unsent), tell: false);
            throw new ObjectDisposedException(nameof(EventSender));
        }

        return pending.Result;
    }

    /// <summary>Sends what is in without lingering, and waits until all of it has its answer.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var before = Task.WhenAll(_pending.All.Select(pending => pending.Result));
        _queue.Hurry();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(before, Task.Delay(Timeout.Infinite, over.Token)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        over.Cancel();
    }

    /// <summary>
    /// Takes no more events, sends what is in and waits for the answers, at most <see cref="EventSenderOptions.DisposeTimeout"/>. What is
    /// left is told as failed.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="EventSenderOptions.OnFailed"/> threw: its fault is the inner one.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _queue.Close();
        using (var early = new CancellationTokenSource())
        {
            await Task.WhenAny(_sending, _time.DelayAsync(_options.DisposeTimeout, early.Token)).ConfigureAwait(false);
            early.Cancel();
        }

        _stop.Cancel();
        await _sending.ConfigureAwait(false);
        _stop.Dispose();
        if (_pending.Fault is { } fault)
        {
            throw new InvalidOperationException($"{nameof(EventSenderOptions.OnFailed)} threw: {fault.Message}", fault);
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (await _queue.NextAsync(_stop.Token).ConfigureAwait(false) is { Count: > 0 } batch)
            {
                await SendAsync(batch).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (_stop.IsCancellationRequested && fault is OperationCanceledException or RpcException)
        {
            // What was under way is told with the rest.
        }
        finally
        {
            _queue.Close();
            foreach (var left in _pending.All)
            {
                _pending.Settle(left, EventResult.Failed(left.Event, StatusCode.Cancelled, left.Tries == 0 ? Unsent : Unanswered));
            }
        }
    }

    private async Task SendAsync(List<PendingEvent> batch)
    {
        var request = new PublishBatchRequest { Events = { batch.Select(pending => pending.Event) } };
        batch.ForEach(pending => pending.Tries++);
        try
        {
            // Deadlines are the wall clock's, whatever clock the sender goes by.
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + _options.CallTimeout;
            var answer = await _calls.PublishBatchAsync(request, deadline: deadline, cancellationToken: _stop.Token).ConfigureAwait(false);
            Settle(batch, answer);
        }
        catch (RpcException fault) when (!_stop.IsCancellationRequested)
        {
            if (!RetryDelays.IsWorthIt(fault))
            {
                batch.ForEach(
                    pending => _pending.Settle(pending, EventResult.Failed(pending.Event, fault.StatusCode, fault.Status.Detail)));
                return;
            }

            await WaitAsync(batch, fault, fault.StatusCode, fault.Status.Detail).ConfigureAwait(false);
        }
        catch (OperationCanceledException fault) when (!_stop.IsCancellationRequested)
        {
            // A channel may be set to say so of a deadline.
            await WaitAsync(batch, null, StatusCode.DeadlineExceeded, fault.Message).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not RpcException and not OperationCanceledException)
        {
            batch.ForEach(pending => _pending.Settle(pending, EventResult.Failed(pending.Event, StatusCode.Unknown, fault.Message)));
        }
    }

    /// <summary>Whoever cannot take these takes no others: all wait.</summary>
    private async Task WaitAsync(List<PendingEvent> batch, RpcException? fault, StatusCode code, string message)
    {
        var delay = _delays.After(batch[0].Tries, fault);
        var again = batch.Where(pending => !GivenUp(pending, delay, code, message)).ToList();
        _queue.Return(again);
        if (again.Count > 0)
        {
            await _time.DelayAsync(delay, _stop.Token).ConfigureAwait(false);
        }
    }

    private void Settle(List<PendingEvent> batch, PublishBatchResponse answer)
    {
        if (answer.Results.Count != batch.Count)
        {
            throw new InvalidOperationException($"{batch.Count} events were answered by {answer.Results.Count} results.");
        }

        var again = new List<PendingEvent>();
        for (var i = 0; i < batch.Count; i++)
        {
            var (pending, result) = (batch[i], answer.Results[i]);
            if (result.Accepted is { } accepted)
            {
                _pending.Settle(pending, EventResult.Accepted(pending.Event, accepted));
            }
            else if (!RetryDelays.IsWorthIt((StatusCode)result.Rejected.Code))
            {
                _pending.Settle(pending, EventResult.Refused(pending.Event, result.Rejected));
            }
            else
            {
                var delay = _delays.After(pending.Tries);
                pending.Due = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
                if (!GivenUp(pending, delay, (StatusCode)result.Rejected.Code, result.Rejected.Message))
                {
                    again.Add(pending);
                }
            }
        }

        _queue.Return(again);
    }

    /// <summary>Tells of an event whose time would be over before the next try.</summary>
    private bool GivenUp(PendingEvent pending, TimeSpan delay, StatusCode code, string message)
    {
        var over = _time.GetElapsedTime(pending.Since) + delay > _options.GiveUpAfter;
        if (over)
        {
            _pending.Settle(pending, EventResult.Failed(pending.Event, code, message));
        }

        return over;
    }
}
