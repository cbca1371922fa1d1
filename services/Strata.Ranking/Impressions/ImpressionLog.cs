using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Impressions;

/// <summary>
/// Takes impressions from requests through a bounded channel and publishes them in the background. An impression is evidence, not state:
/// while the broker is slower than the requests, or away, they wait, and no request waits for them; those that find no place are lost,
/// counted and warned of. At shutdown what waits is published within the host's budget. One that comes twice, because nobody knew whether
/// it had come, is known by its request.
/// </summary>
internal sealed class ImpressionLog : IImpressionLog, IHostedService, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<Impression> _waiting;
    private readonly SemaphoreSlim _inFlight;
    private readonly IPublisher _publisher;
    private readonly TimeProvider _clock;
    private readonly ImpressionsMetrics _metrics;
    private readonly ILogger<ImpressionLog> _logger;
    private readonly ImpressionsOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _warning = new();
    private Task _loop = Task.CompletedTask;
    private long _lost;
    private long? _warnedAt;

    public ImpressionLog(
        IPublisher publisher,
        IOptions<ImpressionsOptions> options,
        TimeProvider clock,
        ImpressionsMetrics metrics,
        ILogger<ImpressionLog> logger)
    {
        (_publisher, _options, _clock, _metrics, _logger) = (publisher, options.Value, clock, metrics, logger);
        _waiting = Channel.CreateBounded<Impression>(
            new BoundedChannelOptions(_options.Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _inFlight = new SemaphoreSlim(_options.InFlight);
    }

    public bool Explained => _options.Explained;

    public void Log(Impression impression)
    {
        if (!_waiting.Writer.TryWrite(impression))
        {
            _metrics.Dropped();
            Warn("the queue was full", null);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(PublishAllAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.SetResult();
        _waiting.Writer.TryComplete();
        try
        {
            await _loop.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _loop;
        }

        if (_waiting.Reader.Count > 0)
        {
            _metrics.Dropped(_waiting.Reader.Count);
            _logger.LeftBehind(_waiting.Reader.Count);
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _inFlight.Dispose();
    }

    private async Task PublishAllAsync()
    {
        var underWay = new HashSet<Task>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                await Task.WhenAny(_stopping.Task, Task.Delay(_options.Gather, _clock, _stop.Token));
                underWay.RemoveWhere(task => task.IsCompleted);
                while (_waiting.Reader.TryRead(out var impression))
                {
                    await _inFlight.WaitAsync(_stop.Token);
                    underWay.Add(PublishAsync(impression));
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The budget is over; what still waits is counted by StopAsync.
        }

        await Task.WhenAll(underWay);
    }

    private async Task PublishAsync(Impression impression)
    {
        try
        {
            while (!await TryPublishAsync(impression))
            {
                await Task.Delay(Pause, _clock, _stop.Token);
            }

            _metrics.Published();
        }
        catch (Exception fault) when (fault is PublishException or OperationCanceledException)
        {
            _metrics.Failed();
            Warn("the broker did not take them", fault);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    /// <summary>False when the broker is away and may come back before this process ends.</summary>
    private async Task<bool> TryPublishAsync(Impression impression)
    {
        try
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(impression.ServedUnixMs);
            await _publisher.PublishAsync(Topics.Impressions, impression.UserId, impression, time, _stop.Token);
            return true;
        }
        catch (PublishException fault) when (fault.Transient && !_stopping.Task.IsCompleted)
        {
            return false;
        }
    }

    private void Warn(string reason, Exception? fault)
    {
        long lost;
        lock (_warning)
        {
            _lost++;
            if (_warnedAt is { } at && _clock.GetElapsedTime(at) < _options.WarningInterval)
            {
                return;
            }

            (lost, _lost, _warnedAt) = (_lost, 0, _clock.GetTimestamp());
        }

        _logger.Lost(lost, reason, fault);
    }
}
