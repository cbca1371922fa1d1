using System.Reflection;

namespace Strata.Contracts.Tests;

[Trait("height", "unit")]
public sealed class TopicsTests
{
    [Fact]
    public void All_HasEveryTopicOnce()
    {
        var named = typeof(Topics).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral)
            .Select(f => (string)f.GetRawConstantValue()!);

        Assert.Equal(named.Order(), Topics.All.Select(t => t.Name).Order());
    }

    [Fact]
    public void All_Names_FollowOneForm()
        => Assert.All(Topics.All, topic => Assert.Matches(@"^strata\.[a-z]+(-[a-z]+)*\.v[0-9]+$", topic.Name));

    [Fact]
    public void All_Partitions_AreAtLeastOne() => Assert.All(Topics.All, topic => Assert.True(topic.Partitions >= 1));

    [Fact]
    public void CoPartitionedTopics_HaveTheSamePartitions()
    {
        int Partitions(string name) => Topics.All.Single(t => t.Name == name).Partitions;

        // Users' events and attributes go to one handler, as do impressions and events; points follow their user.
        Assert.All(
            new[] { Topics.Users, Topics.Impressions, Topics.InterestPoints },
            name => Assert.Equal(Partitions(Topics.Events), Partitions(name)));

        // What is reduced by item lies where the item lies.
        Assert.All(
            new[] { Topics.Items, Topics.ItemFeatures, Topics.ItemActivity },
            name => Assert.Equal(Partitions(Topics.ActivityDeltas), Partitions(name)));
    }

    [Fact]
    public void DeadLettersOf_Topic_HasItsOwnName()
    {
        Assert.Equal("strata.events.v1.dead", Topics.DeadLettersOf(Topics.Events));
        Assert.All(Topics.All, topic => Assert.Equal(Topics.DeadLettersOf(topic.Name), topic.DeadLetters));
    }
}
