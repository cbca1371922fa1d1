using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Strata.Streaming;

/// <summary>What the parts of one consumer share.</summary>
internal sealed class ConsumerScope
{
    public required string Group { get; init; }

    /// <summary>Topics, co-partitioned when there are several.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    public required StreamConsumerOptions Options { get; init; }

    public required IPartitionHandlerFactory Factory { get; init; }

    public required ITopics Broker { get; init; }

    public required BrokerQuestions Questions { get; init; }

    public required KafkaClients Clients { get; init; }

    public required StreamingMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Ends the host because of a fault.</summary>
    public required Action<Exception> Fatal { get; init; }

    public CommitSignal Commits { get; } = new();

    /// <summary>What the poll thread shall do between two polls: only it may seek, pause and resume.</summary>
    public ConcurrentQueue<Action<PollLoop>> PollCommands { get; } = new();

    /// <summary>Runners of the assigned partitions; written by the poll thread only.</summary>
    public ConcurrentDictionary<int, PartitionRunner> Runners { get; } = new();
}

/// <summary>Wakes the commit thread.</summary>
internal sealed class CommitSignal : IDisposable
{
    private readonly AutoResetEvent _event = new(false);

    public void Wake() => _event.Set();

    public void Wait(TimeSpan limit) => _event.WaitOne(limit);

    public void Dispose() => _event.Dispose();
}
