using Strata.Contracts;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Tests.Topology;

[Trait("height", "unit")]
public sealed class RetentionOptionsTests
{
    [Fact]
    public void All_NothingSaid_IsAsPlanned()
    {
        var made = TopicSettings.All(new RetentionOptions()).ToDictionary(topic => topic.Name, topic => topic.Configs);

        Assert.Equal("604800000", made[Topics.Events]["retention.ms"]);
        Assert.Equal("2592000000", made[Topics.DeadLettersOf(Topics.Users)]["retention.ms"]);
    }

    [Fact]
    public void All_TimesSaid_AreThoseOfTheirTopicsAndNoOthers()
    {
        var said = new RetentionOptions { Training = TimeSpan.FromHours(12), DeadLetters = TimeSpan.FromDays(2) };

        var made = TopicSettings.All(said).ToDictionary(topic => topic.Name, topic => topic.Configs);

        Assert.Equal(("43200000", "10800000"), (made[Topics.Training]["retention.ms"], made[Topics.Training]["segment.ms"]));
        Assert.All(Topics.All, topic => Assert.Equal("172800000", made[topic.DeadLetters]["retention.ms"]));
        Assert.Equal("604800000", made[Topics.Events]["retention.ms"]);
        Assert.False(made[Topics.Users].ContainsKey("retention.ms"));
    }

    [Fact]
    public void Of_EveryTopicThatForgetsByAge_CanBeSaid()
    {
        var day = TimeSpan.FromDays(1);
        var said = new RetentionOptions
        {
            Events = day,
            InterestPoints = day,
            ActivityDeltas = day,
            LayerDeltas = day,
            Impressions = day,
            Training = day,
            Quarantine = day,
            DeadLetters = day,
        };

        Assert.All(Topics.All.Append(Topics.Quarantine), topic => Assert.Equal(topic.Retention is null ? null : day, said.Of(topic.Name)));
    }

    [Fact]
    public void OfEnvironment_AServicesNames_AreReadAndWordsRefused()
    {
        var environment = new Dictionary<string, string?> { ["Streaming__Retention__Events"] = "3.00:00:00" };

        Assert.Equal(TimeSpan.FromDays(3), RetentionOptions.OfEnvironment(environment.GetValueOrDefault).Events);
        Assert.Equal(TimeSpan.FromDays(3), RetentionOptions.OfEnvironment(environment.GetValueOrDefault).Longest);

        environment["Streaming__Retention__Training"] = "soon";
        var fault = Assert.Throws<InvalidDataException>(() => RetentionOptions.OfEnvironment(environment.GetValueOrDefault));
        Assert.Contains("Streaming__Retention__Training = soon", fault.Message, StringComparison.Ordinal);
    }
}
