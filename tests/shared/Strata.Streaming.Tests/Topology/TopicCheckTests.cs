using Strata.Contracts;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Tests.Topology;

[Trait("height", "unit")]
public sealed class TopicCheckTests
{
    private static readonly TopicSpec State = new("state", 1, null);
    private static readonly TopicSpec Stream = new("stream", 1, TimeSpan.FromDays(1));

    [Fact]
    public void Fault_AsPlanned_IsNone()
    {
        Assert.Null(TopicCheck.Fault(State, new FoundTopic("compact", 2, 3, 3)));
        Assert.Null(TopicCheck.Fault(Stream, new FoundTopic("delete", 1, 1, 1)));
        Assert.Null(TopicCheck.Doubt(State, new FoundTopic("compact", 2, 3, 3)));
        Assert.Null(TopicCheck.Doubt(Stream, new FoundTopic("delete", 1, 1, 1)));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("compact,delete")]
    public void Fault_StateThatIsDeletedByAge_SaysWhatToSet(string policy)
        => Assert.Equal(
            $"state has cleanup.policy={policy} where compact is needed: what it holds is state, and the broker would delete it by age. "
                + "Set it: kafka-configs --alter --topic state --add-config cleanup.policy=compact",
            TopicCheck.Fault(State, new FoundTopic(policy, 1, 1, 1)));

    [Fact]
    public void Fault_StreamThatIsCompacted_SaysWhatToSet()
        => Assert.Contains(
            "stream has cleanup.policy=compact where delete is needed",
            TopicCheck.Fault(Stream, new FoundTopic("compact", 1, 1, 1)),
            StringComparison.Ordinal);

    [Fact]
    public void Fault_MoreReplicasInSyncThanThereAre_SaysThatNothingIsAcknowledged()
        => Assert.Contains(
            "stream has min.insync.replicas=2 and 1 replicas: nothing can ever be acknowledged",
            TopicCheck.Fault(Stream, new FoundTopic("delete", 2, 1, 3)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 1, "one replica among 3 brokers")]
    [InlineData(3, 1, "min.insync.replicas=1")]
    public void Doubt_OneCopyAmongSeveralBrokers_IsTold(int replicas, int inSync, string words)
        => Assert.Contains(
            words, TopicCheck.Doubt(Stream, new FoundTopic("delete", inSync, replicas, 3)), StringComparison.Ordinal);
}
