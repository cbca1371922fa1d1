using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.Streaming.Connecting;
using Strata.Streaming.Telemetry;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Consuming;

/// <summary>What every consumer and table is made of.</summary>
internal sealed record StreamingParts(
    KafkaClients Clients,
    ITopics Topics,
    TopicGate Gate,
    BrokerQuestions Questions,
    LogEnds Ends,
    IEnumerable<IDependencyFaults> Dependencies,
    StreamingMetrics Metrics,
    HostStop Stop,
    TimeProvider Time,
    ILoggerFactory Loggers,
    IOptionsMonitor<StreamConsumerOptions> ConsumerOptions);
