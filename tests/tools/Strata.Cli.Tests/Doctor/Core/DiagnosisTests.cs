using Strata.Cli.Doctor.Core;
using Strata.Contracts;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Tests.Doctor.Core;

/// <summary>A system as it should be, one thing made wrong in each case, and what is said of it.</summary>
[Trait("height", "unit")]
public sealed class DiagnosisTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);
    private static readonly Uri One = new("http://one:8080");
    private static readonly Uri Two = new("http://two:8080");

    /// <summary>What is made wrong, by name: the system, what is named, what mends it.</summary>
    private static readonly Dictionary<string, (SystemFacts Facts, string Named, string Remedy)> Wrong = new()
    {
        ["broker down"] = (
            Good() with { Broker = new(new Silence("The broker at kafka:9092 does not answer", false)) }, "kafka:9092", "Start it"),
        ["broker refuses"] = (
            Good() with { Broker = new(new Silence("The broker at kafka:9092 refuses: bad", true)) }, "refuses", "sasl.password"),
        ["topic missing"] = (With(topics => topics.Remove(Topics.Events)), "strata.events.v1 is missing", "strata topics create"),
        ["wrong policy"] = (
            Topic(Topics.Items, topic => Set(topic, "cleanup.policy", "delete")),
            "cleanup.policy=delete where compact",
            "strata topics repair"),
        ["both policies"] = (
            Topic(Topics.Events, topic => Set(topic, "cleanup.policy", "compact,delete")),
            "where delete is needed",
            "strata topics repair"),
        ["short retention"] = (
            Topic(Topics.Events, topic => Set(topic, "retention.ms", "3600000")), "01:00:00 where 7.00:00:00", "strata topics repair"),
        ["too few partitions"] = (
            Topic(Topics.Events, topic => topic with { Partitions = 4 }), "has 4 partitions where 12", "Keys lie by that number"),
        ["two partitions where one"] = (
            Topic(Topics.Layers, topic => topic with { Partitions = 2 }), "where order needs one", "Delete it"),
        ["replication 1 of 3 brokers"] = (
            Topic(Topics.Events, topic => Set(topic with { Replicas = 1, InSync = 1 }, "min.insync.replicas", "1")),
            "replication 1 among 3 brokers",
            "reassign"),
        ["min.insync above replicas"] = (
            Topic(Topics.Events, topic => Set(topic, "min.insync.replicas", "4")), "nothing can be acknowledged", "lower"),
        ["no leader"] = (Topic(Topics.Events, topic => topic with { Leaderless = 2 }), "nobody leads 2 of 12", "Start the brokers"),
        ["consumer gone"] = (
            Late("featurizer-events", members: 0, moved: true),
            "featurizer-events: nobody is in the group",
            "Start the service"),
        ["consumer stands still"] = (Late("featurizer-events", members: 2, moved: false), "featurizer-events stands still", "log"),
        ["store down"] = (
            Good() with { Store = new(new Silence("the store at redis:6379 does not answer", false)) },
            "redis:6379",
            "Start it"),
        ["store refuses"] = (Good() with { Store = new(new Silence("the store refuses the password", true)) }, "refuses", "password"),
        ["store read-only"] = (
            Store(write: "READONLY You can't write against a read only replica."), "read-only", "primary"),
        ["store full"] = (
            Store(write: "OOM command not allowed when used memory > 'maxmemory'."),
            "it is full: 100 MiB used of 1,000 MiB",
            "Raise maxmemory"),
        ["store cannot write to disk"] = (
            Store(write: "MISCONF Redis is configured to save RDB snapshots"),
            "cannot write to disk",
            "disk"),
        ["store without the right"] = (Store(write: "NOPERM this user has no permissions"), "may not write", "users.acl"),
        ["store evicts"] = (Store(("maxmemory_policy", "allkeys-lru"), ("evicted_keys", "17")), "allkeys-lru", "noeviction"),
        ["store keeps nothing"] = (Store(("aof_enabled", "0")), "nothing is kept on disk", "appendonly yes"),
        ["model broken"] = (Good() with { Model = new("models/e5", "Protobuf parsing failed") }, "models/e5 cannot be used", "model.onnx"),
        ["store's clock"] = (
            Good() with { Store = GoodStore() with { Time = Now.AddHours(2) } }, "the store is 0.02:00:00 ahead of", "time server"),
        ["service's clock"] = (
            Good() with { Services = [Service(One) with { Time = Now.AddHours(-2) }] }, "one:8080/ is 0.02:00:00 behind", "time server"),
        ["broker's clock"] = (
            Good() with { Broker = GoodBroker() with { Newest = Now.AddHours(2), Before = [], After = [] } },
            "the broker is 0.02:00:00 ahead of",
            "time server"),
        ["port taken"] = (Good() with { Ports = [new(8080, "somebody listens there")] }, "port 8080 cannot be taken", "Endpoints:Http"),
        ["two versions"] = (
            Good() with { Services = [Service(One), Service(Two) with { Build = "0.2.0 (cafe)" }] }, "2 versions run", "rollout"),
        ["service away"] = (
            Good() with { Services = [new(One, new Silence("no service answers at one", false))] },
            "no service",
            "--service"),
        ["service not ready"] = (
            Good() with
            {
                Services = [Service(One) with { Status = "Unhealthy", Complaints = new Dictionary<string, string> { ["redis"] = "away" } }],
            },
            "redis: away",
            "Mend"),
        ["two stores"] = (
            Good() with
            {
                Services =
                [
                    Service(One),
                    Service(Two) with { Settings = new Dictionary<string, string> { ["Redis:ConnectionString"] = "other:6379" } },
                ],
            },
            "Redis:ConnectionString differs",
            "the same"),
    };

    public static TheoryData<string> Causes => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Causes))]
    public void Of_OneThingWrong_NamesItAndWhatMendsIt(string cause)
    {
        var (facts, named, remedy) = Wrong[cause];

        var errors = Diagnosis.Of(facts).Where(finding => finding.Severity == Severity.Error);

        var error = Assert.Single(errors);
        Assert.Contains(named, error.Text, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ASystemAsItShouldBe_FindsNothingWrong()
    {
        var findings = Diagnosis.Of(Good());

        Assert.All(findings, finding => Assert.Equal((Severity.Good, ""), (finding.Severity, finding.Remedy)));
        Assert.Equal(
            ["broker", "clocks", "consumers", "model", "ports", "services", "store", "topics"],
            findings.Select(finding => finding.About).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(100, false)] // two minutes are held back
    [InlineData(185, true)]
    public void Of_OutcomesThatHoldEventsBack_IsNoStandstill(int seconds, bool wrong)
    {
        var position = new GroupPosition("outcomes", 1, Topics.Events, 0, 10, 500, Now.AddSeconds(-seconds));

        var findings = ConsumerDiagnosis.Of([position], [position], Now);

        Assert.Equal(wrong, Assert.Single(findings).Severity == Severity.Error);
    }

    [Theory]
    [InlineData("maxmemory", "0", "the kernel ends it")]
    [InlineData("used_memory", "950000000", "are used")]
    [InlineData("rdb_last_bgsave_status", "err", "last dump failed")]
    public void Of_WhatMayGetWorse_IsAWarning(string name, string value, string named)
        => Assert.Contains(
            named,
            Assert.Single(Diagnosis.Of(Store((name, value))), finding => finding.Severity == Severity.Warning).Text,
            StringComparison.Ordinal);

    [Fact]
    public void Repairs_AreOfSettingsThatDifferOnly()
    {
        var planned = BrokerInspector.Planned.Single(topic => topic.Name == Topics.Items);
        var found = Set(Found(planned), "cleanup.policy", "delete");

        Assert.Equal(
            new Dictionary<string, string> { ["cleanup.policy"] = "compact" }, TopicDiagnosis.Repairs(planned, found));
    }

    private static SystemFacts Good() => new()
    {
        Now = Now,
        Broker = GoodBroker(),
        Store = GoodStore(),
        Services = [Service(One), Service(Two)],
        Ports = [new(8080, null)],
        Model = new("models/e5", null),
    };

    private static BrokerFacts GoodBroker()
    {
        var topics = BrokerInspector.Planned.Select(Found).ToDictionary(topic => topic.Name);
        var position = new GroupPosition("featurizer-events", 2, Topics.Events, 0, 10, 12, Now.AddSeconds(-1));
        return new(null, new InspectedCluster(3, topics), [position], [position], Now.AddSeconds(-1));
    }

    private static InspectedTopic Found(PlannedTopic planned) => new(
        planned.Name, planned.Partitions, 3, 3, 0, new Dictionary<string, string>(planned.Settings) { ["min.insync.replicas"] = "2" });

    private static SystemFacts With(Action<Dictionary<string, InspectedTopic>> change)
    {
        var topics = BrokerInspector.Planned.Select(Found).ToDictionary(topic => topic.Name);
        change(topics);
        return Good() with { Broker = GoodBroker() with { Cluster = new InspectedCluster(3, topics) } };
    }

    private static SystemFacts Topic(string name, Func<InspectedTopic, InspectedTopic> change)
        => With(topics => topics[name] = change(topics[name]));

    private static InspectedTopic Set(InspectedTopic topic, string setting, string value)
        => topic with { Settings = new Dictionary<string, string>(topic.Settings) { [setting] = value } };

    private static SystemFacts Late(string group, int members, bool moved)
    {
        var after = new GroupPosition(group, members, Topics.Events, 3, 100, 900, Now.AddMinutes(-20));
        return Good() with { Broker = GoodBroker() with { Before = [after with { Committed = moved ? 50 : 100 }], After = [after] } };
    }

    private static StoreFacts GoodStore() => new(
        null,
        new Dictionary<string, string>
        {
            ["maxmemory"] = "1048576000",
            ["used_memory"] = "104857600",
            ["maxmemory_policy"] = "noeviction",
            ["aof_enabled"] = "1",
            ["aof_last_write_status"] = "ok",
            ["rdb_last_bgsave_status"] = "ok",
        },
        "",
        null,
        Now);

    private static SystemFacts Store(params (string Name, string Value)[] state)
    {
        var changed = new Dictionary<string, string>(GoodStore().State!);
        foreach (var (name, value) in state)
        {
            changed[name] = value;
        }

        return Good() with { Store = GoodStore() with { State = changed } };
    }

    private static SystemFacts Store(string write) => Good() with { Store = GoodStore() with { WriteFault = write } };

    private static ServiceFacts Service(Uri address) => new(
        address,
        null,
        "Healthy",
        "0.1.0 (beef)",
        new Dictionary<string, string>(),
        Now,
        new Dictionary<string, string> { ["Redis:ConnectionString"] = "redis:6379" });
}
