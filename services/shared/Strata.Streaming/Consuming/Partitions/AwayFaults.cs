using Confluent.Kafka;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Publishing;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>Which faults of a handler's life pass by themselves: the broker's, and those that a dependency's judge knows.</summary>
internal sealed class AwayFaults(IEnumerable<IDependencyFaults> dependencies)
{
    private readonly IDependencyFaults[] _dependencies = [.. dependencies];

    public bool Pass(Exception fault) => fault switch
    {
        // Given up at a rebalance, ended by the broker, or a broker that did not answer; a message that is refused is none of them.
        CommitAbortedException { InnerException: null } => true,
        CommitAbortedException { InnerException: KafkaException inner }
            => BrokerFaults.Fenced(inner.Error) || BrokerFaults.Transient(inner),
        PublishException publish => publish.Transient,
        KafkaException => BrokerFaults.Transient(fault),
        _ => Array.Exists(_dependencies, dependency => dependency.IsAway(fault)),
    };
}
