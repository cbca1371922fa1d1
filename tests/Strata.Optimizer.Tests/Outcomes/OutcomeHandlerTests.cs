using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

[Trait("height", "harness")]
public sealed class OutcomeHandlerTests
{
    private const int Partition = 3;
    private const int Slates = 40;
    private const int Clocks = 5;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Dictionary<string, ulong> Logs = new() { [Topics.Impressions] = 11, [Topics.Events] = 12 };
    private readonly InMemoryLog _log = new();
    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _clock = new(Scene.Start);
    private readonly OutcomesOptions _options = new();

    [Fact]
    public async Task Handle_WholeMorning_SendsAndCountsEachSlateOnce()
    {
        FillMorning();
        var output = new RecordingOutput();

        await RunAsync(output, []);

        AssertCountedOnce(output);
        Assert.All(output.Sent, sent => Assert.Equal((Topics.Training, 0), (sent.Topic, sent.Partition)));
    }

    [Theory]
    [InlineData(33, "commit")]
    [InlineData(36, "commit")]
    [InlineData(41, "commit")]
    [InlineData(33, "first write")]
    [InlineData(42, "second write")]
    [InlineData(33, "users")]
    [InlineData(42, "arms")]
    public async Task Handle_CrashAndReadAgain_SendsAndCountsEachSlateOnce(int atStep, string where)
    {
        FillMorning();
        var output = new RecordingOutput();

        var crashes = await RunAsync(output, [(atStep, where)]);

        Assert.Equal(1, crashes);
        AssertCountedOnce(output);
    }

    [Fact]
    public async Task Start_StoreComesBackEmpty_CountsAgainWithoutSendingAgain()
    {
        FillMorning();
        var output = new RecordingOutput();
        await RunAsync(output, []);
        var before = Counts();
        _store.Values.Clear();
        _store.Positions.Clear();

        await RunAsync(output, []);

        AssertCountedOnce(output);
        Assert.Equal(before, Counts());
    }

    [Fact]
    public async Task Handle_Commits_NeverPassAnUnresolvedImpressionOrItsClick()
    {
        var handler = Make(new RecordingOutput());
        var output = new RecordingOutput();
        await handler.StartAsync(None);
        var events = new[] { Event("x", 0, "z"), Event("u", 1, "b", "r"), Event("x", 20, "z") };
        await handler.HandleAsync([Slate("r", "u", 0, "a", "b")], output, None);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await handler.HandleAsync(events, output, None);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await handler.IdleAsync(output, None);

        Assert.Equal(0, output.Committed(Topics.Impressions));
        Assert.Equal(1, output.Committed(Topics.Events));
        Assert.Empty(output.Sent);
    }

    [Fact]
    public async Task Idle_QuietPartition_ResolvesByTheTimeSinceItCame()
    {
        var handler = Make(new RecordingOutput());
        var output = new RecordingOutput();
        await handler.StartAsync(None);
        await handler.HandleAsync([Slate("r", "u", 0, "a", "b")], output, None);
        await handler.HandleAsync([Event("u", 1, "b", "r")], output, None);

        _clock.Advance(_options.Window + _options.Lateness);
        await handler.IdleAsync(output, None);

        Assert.Equal(1, Assert.Single(output.SentTo<TrainingExample>(Topics.Training)).Positive);
        Assert.Equal(1, output.Positions[Topics.Impressions]);
        Assert.Equal(1, output.Positions[Topics.Events]);
        Assert.Equal([11ul, 12ul], _store.Positions.Values.Select(fence => fence.Log));
    }

    [Fact]
    public async Task Handle_ContradictoryImpression_IsDeadLetteredWhenTheCommitPassesIt()
    {
        var handler = Make(new RecordingOutput());
        var output = new RecordingOutput();
        await handler.StartAsync(None);
        var good = Slate("r", "u", 0, "a");
        var bad = _log.Append(Topics.Impressions, Partition, "u", Scene.Impression("q", "u", 0), Scene.Start);
        await handler.HandleAsync([good, bad], output, None);
        Assert.Empty(output.Dead);

        await handler.HandleAsync([Event("x", 32, "z")], output, None);

        Assert.Same(bad, Assert.Single(output.Dead).Record);
        Assert.Equal(2, output.Positions[Topics.Impressions]);
    }

    [Fact]
    public async Task Handle_WriterThatLostItsPartition_IsStoppedByTheFence()
    {
        var (old, current) = (Make(new RecordingOutput()), Make(new RecordingOutput()));
        await old.StartAsync(None);
        await current.StartAsync(None);
        var (first, second, end) = (Slate("r", "u", 0, "a"), Slate("s", "u", 1, "a"), Event("x", 60, "z"));
        await current.HandleAsync([first, second, end], new RecordingOutput(), None);
        var interloper = new InterleavingStore(_store);
        var late = OutcomeHandlers.Over(
            Context(new RecordingOutput()), _options, interloper, _log, _clock);
        interloper.Stale = new Dictionary<string, ReadOnlyMemory<byte>?> { [Keys.UserPolicy("u")] = null };
        await late.StartAsync(None);

        await Assert.ThrowsAsync<StateFencedException>(async () => await late.HandleAsync([first, end], new RecordingOutput(), None));
    }

    private void FillMorning()
    {
        for (var i = 0; i < Slates; i++)
        {
            var user = $"u{i % 4}";
            _log.Append(Topics.Impressions, Partition, user, MorningArms.Slate(i, user), Scene.Start.AddMinutes(i));
            Event(user, i + 0.5, i % 2 == 0 ? "b" : "q", $"r{i}");
            Event(user, i + 0.6, i % 2 == 0 ? "b" : "q", $"r{i}");
        }

        // No single user moves the clock.
        for (var i = 0; i < Clocks; i++)
        {
            Event($"clock{i}", 200, "z");
        }
    }

    /// <summary>
    /// Reads both logs in small steps, with crashes (before the Kafka commit, or in the middle of a write to the store) after which a new
    /// handler starts; how many there were.
    /// </summary>
    private async Task<int> RunAsync(RecordingOutput output, List<(int Step, string Where)> crashes)
    {
        for (var (step, crashed) = (0, 0); ; crashed++)
        {
            var handler = Make(output);
            var start = await handler.StartAsync(None);
            var (impression, act) = (Start(Topics.Impressions), Start(Topics.Events));
            try
            {
                foreach (var batch in Interleaved(impression, act).Chunk(3))
                {
                    step++;
                    var crash = crashes.Find(c => c.Step == step);
                    output.FailCommits = crash.Where == "commit" ? new InvalidOperationException("crash") : null;
                    _store.FailWrites = crash.Where?.EndsWith("write", StringComparison.Ordinal) == true
                        ? (crash.Where == "first write" ? 0 : 1, new InvalidOperationException("crash"))
                        : null;
                    _store.FailKeys = MorningArms.CrashAt(crash.Where, Partition);
                    await handler.HandleAsync(batch, output, None);
                }

                _clock.Advance(_options.EventHold);
                await handler.IdleAsync(output, None);
                return crashed;
            }
            catch (InvalidOperationException)
            {
                output.Crash();
            }

            long Start(string topic) => Math.Min(start.GetValueOrDefault(topic, long.MaxValue), output.Committed(topic));
        }
    }

    private IEnumerable<StreamRecord> Interleaved(long impression, long act)
        => _log.From(Topics.Impressions, Partition, impression)
            .Concat(_log.From(Topics.Events, Partition, act))
            .OrderBy(record => record.Timestamp);

    private void AssertCountedOnce(RecordingOutput output)
    {
        var examples = output.SentTo<TrainingExample>(Topics.Training);
        Assert.Equal(Enumerable.Range(0, Slates).Select(i => Scene.At(i)), examples.Select(e => e.TimeUnixMs));
        Assert.Equal(Enumerable.Range(0, Slates).Select(i => i % 2 == 0 ? 1 : -1), examples.Select(e => e.Positive));
        Assert.Equal(Slates, output.Positions[Topics.Impressions]);
        Assert.Equal(Clocks + (2 * Slates), output.Positions[Topics.Events]);
        for (var u = 0; u < 4; u++)
        {
            // Ten slates a user; decay over an hour is a thousandth.
            var counts = UserPolicy.Parser.ParseFrom(FencedValue.Payload(_store.Values[Keys.UserPolicy($"u{u}")]).Span);
            Assert.Equal([1u, 2u], counts.LayerIds);
            Assert.Equal(10 * 1.5, counts.Shown[0], 0.05);
            Assert.Equal(u % 2 == 0 ? 10 : 0, counts.Clicks[1], 0.05);
            Assert.Equal(Enumerable.Repeat(10u, u % 2 == 0 ? 2 : 3), counts.PassedOver.Select(passed => passed.Slates));
        }

        MorningArms.AssertCounted(_store, Partition, Slates);
    }

    private string[] Counts()
        => [.. _store.Values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Key + Convert.ToHexString(v.Value))];

    private StreamRecord Slate(string request, string user, double minutes, params string[] items)
        => _log.Append(
            Topics.Impressions, Partition, user, Scene.Impression(request, user, minutes, items), Scene.Start.AddMinutes(minutes));

    private StreamRecord Event(string user, double minutes, string item, string request = "")
        => _log.Append(Topics.Events, Partition, user, Scene.Act(user, minutes, item, request), Scene.Start.AddMinutes(minutes));

    private OutcomeHandler Make(RecordingOutput output)
        => OutcomeHandlers.Over(Context(output), _options, _store, _log, _clock);

    private static PartitionContext Context(RecordingOutput output)
        => new("outcomes", Partition, Logs, Logs.Keys.ToDictionary(topic => topic, output.Committed));
}
