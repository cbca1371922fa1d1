using Confluent.Kafka;

namespace Strata.Streaming.Connecting;

/// <summary>Which faults of the broker or the way to it may be gone at the next attempt, in one place.</summary>
internal static class BrokerFaults
{
    public static bool Transient(Error error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Code is
            ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Fail or ErrorCode.Local_InProgress or ErrorCode.Local_MsgTimedOut or
            ErrorCode.Local_NoOffset or ErrorCode.Local_PurgeInflight or ErrorCode.Local_PurgeQueue or ErrorCode.Local_QueueFull or
            ErrorCode.Local_Resolve or ErrorCode.Local_Retry or ErrorCode.Local_State or ErrorCode.Local_TimedOut or
            ErrorCode.Local_TimedOutQueue or ErrorCode.Local_Transport or ErrorCode.Local_UnknownPartition or
            ErrorCode.Local_UnknownTopic or ErrorCode.Local_WaitCache or ErrorCode.Local_WaitCoord or
            ErrorCode.BrokerNotAvailable or ErrorCode.ConcurrentTransactions or ErrorCode.FencedLeaderEpoch or
            ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.GroupLoadInProgress or ErrorCode.IllegalGeneration or
            ErrorCode.KafkaStorageError or ErrorCode.LeaderNotAvailable or ErrorCode.NetworkException or ErrorCode.NotController or
            ErrorCode.NotCoordinatorForGroup or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or
            ErrorCode.NotLeaderForPartition or ErrorCode.OffsetNotAvailable or ErrorCode.RebalanceInProgress or
            ErrorCode.ReplicaNotAvailable or ErrorCode.RequestTimedOut or ErrorCode.ThrottlingQuotaExceeded or ErrorCode.Unknown or
            ErrorCode.UnknownLeaderEpoch or ErrorCode.UnknownMemberId or ErrorCode.UnknownTopicOrPart or
            ErrorCode.UnstableOffsetCommit;
    }

    public static bool Transient(Exception fault)
        => fault is KafkaRetriableException || (fault is KafkaException { Error: var error } && !error.IsFatal && Transient(error));

    /// <summary>
    /// Another process took our place in a transaction, or the broker ended it: everything since the last commit is void, we are not.
    /// </summary>
    public static bool Fenced(Error error)
        => error.Code is
            ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidProducerIdMapping or
            ErrorCode.TransactionCoordinatorFenced;
}
