using Microsoft.Extensions.Logging;
using Strata.Streaming.Telemetry;

namespace Strata.Streaming.Consuming;

/// <summary>What all parts of one consumer know, and none changes.</summary>
/// <param name="Group">Consumer group.</param>
/// <param name="Options">How this group consumes.</param>
/// <param name="Metrics">Metrics of the process.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">One category for the whole consumer.</param>
internal sealed record ConsumerEnvironment(
    string Group, StreamConsumerOptions Options, StreamingMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>Bounds the lines that say the same again and again.</summary>
    public LineLimit Lines { get; } = new(Time);
}
