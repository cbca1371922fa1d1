using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Telemetry;

namespace Strata.Streaming.Tables;

/// <summary>Follows all partitions of a table's topics from their beginning, on a thread of its own.</summary>
internal sealed class TableLoop : IHostedService, IHealthCheck, IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    private readonly StreamingParts _parts;
    private readonly string _name;
    private readonly IReadOnlyList<string> _topics;
    private readonly ITableHandler _handler;
    private readonly StreamConsumerOptions _options;
    private readonly ILogger _logger;
    private readonly LineLimit _lines;
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationToken _stopped;
    private readonly HashSet<TopicPartition> _behind = [];
    private readonly Dictionary<TopicPartition, long> _ends = [];
    private Task _run = Task.CompletedTask;
    private volatile string _state = "waits for its topics";
    private volatile bool _caughtUp;
    private volatile bool _ended;

    public TableLoop(
        StreamingParts parts, string name, IReadOnlyList<string> topics, ITableHandler handler, IHostApplicationLifetime lifetime)
    {
        _parts = parts;
        _name = name;
        _topics = topics;
        _handler = handler;
        _options = parts.ConsumerOptions.Get(name);
        _lines = new LineLimit(parts.Time);
        _logger = parts.Loggers.CreateLogger<TableLoop>();
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        _stopped = _stopping.Token; // asked now: a host may be let go before the pool comes to RunAsync
    }

    private string Group => $"table:{_name}";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _parts.Metrics.Follows(Group, _topics);
        _run = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(_caughtUp && !_ended
            ? HealthCheckResult.Healthy($"table {_name} is caught up")
            : HealthCheckResult.Unhealthy($"table {_name} {_state}"));

    public void Dispose()
    {
        if (!_stopped.IsCancellationRequested)
        {
            _stopping.Cancel(); // a host may be let go that was never stopped
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _parts.Gate.ReadyAsync(_stopped);
            var partitions = new List<TopicPartition>();
            foreach (var topic in _topics)
            {
                var count = await _parts.Topics.PartitionsAsync(topic, _stopped);
                partitions.AddRange(Enumerable.Range(0, count).Select(number => new TopicPartition(topic, number)));
            }

            using var consumer = _parts.Clients.Reader($"table-{_name}");
            await FindEndsAsync(partitions);
            consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
            _state = "is catching up";
            await DedicatedThread.RunAsync($"table {_name}", () => Follow(consumer));
            await Task.Run(consumer.Close);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The host ends.
        }
        catch (Exception fault)
        {
            _state = $"has ended: {fault.Message}";
            _parts.Stop.Because($"table {_name}", fault);
        }
        finally
        {
            _ended = true;
        }
    }

    // The ends at the start, with what lies in transactions that are still open: a topic that is written faster than it is read never
    // shows its end to the reader, but these it passes.
    private async Task FindEndsAsync(List<TopicPartition> partitions)
    {
        foreach (var (partition, end) in await _parts.Ends.TrueAsync(partitions, _stopped))
        {
            if (end > 0)
            {
                _ends[partition] = end;
                _behind.Add(partition);
            }
        }
    }

    private void Follow(IConsumer<RecordKey, byte[]?> consumer)
    {
        var batch = new List<StreamRecord>();
        var bytes = 0L;
        NoteCaughtUp();
        while (!_stopped.IsCancellationRequested)
        {
            var result = Poll(consumer, batch.Count > 0 ? TimeSpan.Zero : Wait);
            if (result is { IsPartitionEOF: false })
            {
                batch.Add(RecordReader.Read(result, Skipped));
                bytes += result.Message.Value?.Length ?? 0;
                if (batch.Count < _options.BatchSize && bytes < _options.BatchBytes)
                {
                    continue;
                }
            }

            if (batch.Count > 0)
            {
                Apply(batch);
                batch = [];
                bytes = 0;
            }

            if (result is { IsPartitionEOF: true })
            {
                Passed(result.TopicPartition, result.Offset.Value);
                _parts.Metrics.Lag(Group, result.Topic, result.Partition.Value, 0, TimeSpan.Zero);
            }

            NoteCaughtUp();
        }
    }

    private ConsumeResult<RecordKey, byte[]?>? Poll(IConsumer<RecordKey, byte[]?> consumer, TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException fault) when (!fault.Error.IsFatal && fault.Error.Code is not ErrorCode.TopicAuthorizationFailed)
        {
            if (_lines.Allows($"poll {fault.Error.Code}"))
            {
                _logger.PollFault(Group, fault.Error.Code.ToString(), fault.Error.Reason);
            }

            return null;
        }
    }

    private void Apply(List<StreamRecord> batch)
    {
        using var activity = Tracing.StartBatch(Group, batch[0].Partition, batch);
        var started = _parts.Time.GetTimestamp();
        try
        {
            // This thread is the table's own: calls never overlap.
            _handler.ApplyAsync(batch, _stopped).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception fault)
        {
            Tracing.Failed(activity, fault);
            throw;
        }

        _parts.Metrics.Handled(Group, batch.Count, _parts.Time.GetElapsedTime(started));
        foreach (var topic in batch.GroupBy(record => record.Topic, StringComparer.Ordinal))
        {
            _parts.Metrics.Consumed(Group, topic.Key, topic.Count());
        }

        foreach (var record in batch)
        {
            Passed(new TopicPartition(record.Topic, record.Partition), record.Offset + 1);
        }
    }

    private void Passed(TopicPartition partition, long next)
    {
        if (_ends.TryGetValue(partition, out var end) && next >= end)
        {
            _behind.Remove(partition);
        }
    }

    private void Skipped(StreamRecord record, string reason)
    {
        _parts.Metrics.Skipped(Group, record.Topic);
        _logger.RecordSkipped(Group, record, reason);
    }

    private void NoteCaughtUp()
    {
        if (_caughtUp || _behind.Count > 0)
        {
            return;
        }

        _handler.CaughtUp();
        _caughtUp = true;
        _logger.TableCaughtUp(_name);
    }
}
