using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>
/// Where logs end. A reader of committed records is told the last <em>stable</em> offset, which lies before any transaction that is still
/// open; so whoever must know all that is going to be committed asks for the true end.
/// </summary>
internal sealed class LogEnds(KafkaClients clients, BrokerQuestions questions, ILogger<LogEnds> logger) : IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private SharedClient<IAdminClient>? _admin;

    /// <summary>The offset after the last record or transaction mark, open transactions included. Asked until it is answered.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, long>> TrueAsync(
        IReadOnlyList<TopicPartition> partitions, CancellationToken cancellationToken)
        => questions.AskAsync(
            $"ends of {partitions[0].Topic}",
            () => AskAsync(partitions, IsolationLevel.ReadUncommitted, clients.RequestTimeout),
            cancellationToken);

    /// <summary>
    /// The offset up to which records are visible to readers of committed ones; null when the broker does not answer in time.
    /// </summary>
    public async Task<IReadOnlyDictionary<TopicPartition, long>?> StableOrNoneAsync(
        IReadOnlyList<TopicPartition> partitions, TimeSpan limit)
    {
        try
        {
            return await AskAsync(partitions, IsolationLevel.ReadCommitted, limit);
        }
        catch (KafkaException fault)
        {
            logger.EndsNotAnswered(partitions[0].Topic, fault.Error.Reason);
            return null;
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _admin, null)?.Dispose();

    private async Task<IReadOnlyDictionary<TopicPartition, long>> AskAsync(
        IReadOnlyList<TopicPartition> partitions, IsolationLevel isolation, TimeSpan limit)
    {
        var admin = Admin();
        try
        {
            // The client's own limit, and one for a client that does not keep it.
            var answer = await admin.CallAsync(client => client.ListOffsetsAsync(
                partitions.Select(
                    partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }),
                new ListOffsetsOptions { RequestTimeout = limit, IsolationLevel = isolation })).WaitAsync(limit + Slack);
            var offsets = answer.ResultInfos.ToDictionary(
                info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);

            // The client tells of a request that ran out of time by offsets that are none.
            return offsets.Values.All(offset => offset >= 0) ? offsets : throw Unanswered("not every partition's leader answered", null);
        }
        catch (Exception fault) when (fault is KafkaException or TimeoutException or ObjectDisposedException)
        {
            Replace(admin);
            throw fault switch
            {
                // The report of several partitions hides why: its first fault stands for it.
                ListOffsetsException { Result: var result } => new KafkaException(
                    result.ResultInfos.Select(info => info.TopicPartitionOffsetError.Error).FirstOrDefault(error => error.IsError)
                        ?? result.ResultInfos[0].TopicPartitionOffsetError.Error,
                    fault),
                KafkaException { Error.Code: not ErrorCode.Local_NoEnt } => fault,
                _ => Unanswered(fault.Message, fault), // nobody says who leads, or anything, or a new client came
            };
        }
    }

    private static KafkaException Unanswered(string why, Exception? inner) => new(new Error(ErrorCode.Local_TimedOut, why), inner);

    private SharedClient<IAdminClient> Admin()
    {
        lock (_lock)
        {
            return _admin ??= clients.Admin();
        }
    }

    // After a broker that hung a client may never answer again; a new one does at once.
    private void Replace(SharedClient<IAdminClient> silent)
    {
        if (Interlocked.CompareExchange(ref _admin, null, silent) == silent)
        {
            _ = Task.Run(silent.Dispose);
        }
    }
}
