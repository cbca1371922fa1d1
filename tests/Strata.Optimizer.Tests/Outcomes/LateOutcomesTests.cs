using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>A slate of a, b, c at minute 0, of which a was clicked in time; it is settled at minute 31.</summary>
[Trait("height", "harness")]
public sealed class LateOutcomesTests
{
    private const int Settled = 32;

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryLog _log = new();
    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _clock = new(Scene.Start);
    private readonly OutcomesOptions _options = new();
    private readonly RecordingOutput _output = new();

    [Fact]
    public async Task Handle_ClickAfterTheSlateWasSettled_CorrectsWhatWasLearned()
    {
        var handler = await SettleAsync();
        var before = Counts();
        Assert.Equal(["b", "c"], before.PassedOver.Select(passed => passed.ItemId));

        await HandleAsync(handler, Act(200, "c", "r", EventKind.Purchase));

        var late = Assert.Single(Examples());
        Assert.Equal((2, 3u, 2f, Scene.At(0)), (late.Positive, late.Candidates, late.Weight, late.TimeUnixMs));
        Assert.Equal((1u, 0f, 1f), (late.Outcomes.Single().LayerId, late.Outcomes.Single().Shown, late.Outcomes.Single().Chosen));
        Assert.InRange(late.Outcomes.Single().Liked, .2, 1);
        Assert.Empty(late.Expected); // it says nothing of a slate: that was said
        var after = Counts();
        Assert.Equal(["b"], after.PassedOver.Select(passed => passed.ItemId));
        Assert.Equal((before.Clicks[0] + 1, before.Shown[0]), (after.Clicks[0], after.Shown[0]));
        Assert.True(after.Evidence[0] > before.Evidence[0]);
        Assert.Equal((1, 6), (_output.Positions[Topics.Impressions], _output.Positions[Topics.Events]));
    }

    [Theory]
    [InlineData(200, "c", "r", EventKind.Dismiss)] // no choice
    [InlineData(200, "a", "r", EventKind.Purchase)] // chosen in time
    [InlineData(200, "z", "r", EventKind.Click)] // not of the slate
    [InlineData(200, "c", "q", EventKind.Click)] // of another one
    [InlineData(200, "c", "", EventKind.Click)] // of none
    [InlineData(1441, "c", "r", EventKind.Click)] // a day later
    public async Task Handle_WhatCorrectsNothing_ChangesNothing(double minutes, string item, string request, EventKind kind)
    {
        var handler = await SettleAsync();
        var before = Counts();

        await HandleAsync(handler, Act(minutes, item, request, kind));

        Assert.Empty(Examples());
        Assert.Equal(before, Counts());
        Assert.Equal(6, _output.Positions[Topics.Events]);
    }

    [Fact]
    public async Task Handle_LateTwice_CountsOnce()
    {
        var handler = await SettleAsync();

        await HandleAsync(handler, Act(200, "c", "r"));
        await HandleAsync(handler, Act(201, "c", "r", EventKind.Purchase), Act(202, "b", "r"));

        Assert.Equal([2, 1], Examples().Select(example => example.Positive));
        Assert.Empty(Counts().PassedOver);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_AfterACrashBeforeTheCommit_TellsAndCountsOnce(bool storeIsLost)
    {
        var handler = await SettleAsync();
        StreamRecord[] late = [Act(200, "c", "r"), Act(201, "c", "r"), Act(202, "b", "r")];
        _output.FailCommits = new InvalidOperationException("crash");
        await Assert.ThrowsAsync<InvalidOperationException>(() => HandleAsync(handler, late));
        _output.Crash();
        _output.FailCommits = null;
        var counted = Counts();
        if (storeIsLost)
        {
            _store.Values.Clear();
            _store.Positions.Clear();
        }

        handler = Make();
        var start = await handler.StartAsync(None);
        var from = Math.Min(start[Topics.Events], _output.Committed(Topics.Events));
        await handler.HandleAsync(_log.From(Topics.Impressions, 0, storeIsLost ? 0 : 1), _output, None);
        await HandleAsync(handler, [.. _log.From(Topics.Events, 0, from)]);

        Assert.Equal([2, 1], Examples().Select(example => example.Positive));
        Assert.Equal(counted, Counts());
    }

    [Fact]
    public async Task Start_StoreComesBackEmpty_CountsAgainWithoutTellingAgain()
    {
        await HandleAsync(await SettleAsync(), Act(200, "c", "r"));
        var before = Counts();
        _output.Sent.Clear();
        _store.Values.Clear();
        _store.Positions.Clear();

        var handler = Make();
        Assert.Equal([0, 0], (await handler.StartAsync(None)).Values);
        await handler.HandleAsync(_log.From(Topics.Impressions, 0, 0), _output, None);
        await HandleAsync(handler, [.. _log.From(Topics.Events, 0, 0)]);

        Assert.Empty(Examples());
        Assert.Equal(before, Counts());
    }

    [Fact]
    public async Task Handle_ActsHeldBeforeIt_GoFirst()
    {
        var handler = await SettleAsync();
        await handler.HandleAsync([Slate("s", 190)], _output, None);

        // The click of the other slate is held; the late one leaves in the transaction that passes it.
        await HandleAsync(handler, Act(191, "b", "s"), Act(192, "c", "r"));
        Assert.Empty(Examples());
        await handler.HandleAsync(Clocks(222), _output, None);

        Assert.Equal([(Scene.At(190), 1), (Scene.At(0), 2)], Examples().Select(example => (example.TimeUnixMs, example.Positive)));
    }

    [Fact]
    public async Task Handle_RequestThatComesAgain_IsNotLearnedAgain()
    {
        var handler = await SettleAsync();
        var before = Counts();

        await handler.HandleAsync([Slate("r", 0)], _output, None);
        await handler.HandleAsync(Clocks(300), _output, None);

        Assert.Empty(Examples());
        Assert.Equal(before, Counts());
        Assert.Equal(2, _output.Positions[Topics.Impressions]);
    }

    [Fact]
    public async Task Start_ClickThatWasDismissedInTime_StaysDismissed()
    {
        // The click and its dismissal are read again, their slate is not: another slate's act lies before them.
        var handler = Make();
        await handler.StartAsync(None);
        await handler.HandleAsync([Slate("r", 0), Slate("s", 20)], _output, None);
        await handler.HandleAsync(
            [Act(21, "a", "s"), Act(22, "b", "r"), Act(23, "b", "r", EventKind.Dismiss), .. Clocks(Settled)], _output, None);
        Assert.Equal((1, 0), (_output.Positions[Topics.Impressions], _output.Positions[Topics.Events]));
        var before = Counts();

        handler = Make();
        await handler.StartAsync(None);
        await handler.HandleAsync(_log.From(Topics.Impressions, 0, 1), _output, None);
        await HandleAsync(handler, [.. _log.From(Topics.Events, 0, 0)]);
        await HandleAsync(handler, [Act(300, "b", "r"), .. Clocks(300)]);

        Assert.Equal([-1, 0], Examples().Select(example => example.Positive));
        Assert.Equal(before.Settled[0], Counts().Settled[0]);
    }

    [Fact]
    public async Task Handle_ManyAtOnce_AllCorrectWithoutASettleThatAsksForAll()
    {
        var handler = await SettleAsync();
        var slates = Enumerable.Range(0, 100).Select(i => Slate($"s{i}", 40, $"v{i}")).ToArray();
        await handler.HandleAsync(slates, _output, None);
        await handler.HandleAsync(Clocks(80), _output, None);
        _output.Sent.Clear();

        var late = Enumerable.Range(0, 100).Select(i => Act(200, "c", $"s{i}", user: $"v{i}")).ToArray();
        await HandleAsync(handler, late);
        Assert.Equal((64, late[64].Offset), (Examples().Count, _output.Positions[Topics.Events]));
        await handler.IdleAsync(_output, None);

        Assert.Equal((100, late[99].Offset + 1), (Examples().Count, _output.Positions[Topics.Events]));
    }

    [Fact]
    public async Task Handle_UserWasForgotten_CorrectsNothing()
    {
        var handler = await SettleAsync();
        var order = Scene.Act("u", 199, "", kind: EventKind.Forget);

        await HandleAsync(handler, _log.Append(Topics.Events, 0, "u", order, Scene.Start.AddMinutes(199)), Act(200, "c", "r"));

        Assert.Empty(Examples());
    }

    // An act that names a slate waits a while for it: its log may be read later.
    private async Task HandleAsync(OutcomeHandler handler, params StreamRecord[] records)
    {
        await handler.HandleAsync(records, _output, None);
        _clock.Advance(_options.EventHold);
        await handler.IdleAsync(_output, None);
    }

    // What was learned of the slate is no longer among what was sent.
    private async Task<OutcomeHandler> SettleAsync()
    {
        var handler = Make();
        await handler.StartAsync(None);
        await handler.HandleAsync([Slate("r", 0)], _output, None);
        await handler.HandleAsync([Act(1, "a", "r"), .. Clocks(Settled)], _output, None);
        Assert.Equal(0, Assert.Single(Examples()).Positive);
        _output.Sent.Clear();
        return handler;
    }

    private UserPolicy Counts() => UserPolicy.Parser.ParseFrom(FencedValue.Payload(_store.Values[Keys.UserPolicy("u")]).Span);

    private IReadOnlyList<TrainingExample> Examples() => _output.SentTo<TrainingExample>(Topics.Training);

    private StreamRecord Slate(string request, double minutes, string user = "u")
        => _log.Append(
            Topics.Impressions, 0, user, Scene.Impression(request, user, minutes, "a", "b", "c"), Scene.Start.AddMinutes(minutes));

    private StreamRecord Act(double minutes, string item, string request, EventKind kind = EventKind.Click, string user = "u")
        => _log.Append(Topics.Events, 0, user, Scene.Act(user, minutes, item, request, kind), Scene.Start.AddMinutes(minutes));

    // No single user moves the clock.
    private StreamRecord[] Clocks(double minutes)
        =>
        [
            .. Enumerable.Range(0, 4).Select(i => _log.Append(
                Topics.Events, 0, $"clock{i}", Scene.Act($"clock{i}", minutes, "z"), Scene.Start.AddMinutes(minutes))),
        ];

    private OutcomeHandler Make()
    {
        var logs = new Dictionary<string, ulong> { [Topics.Impressions] = 11, [Topics.Events] = 12 };
        var context = new PartitionContext("outcomes", 0, logs, logs.Keys.ToDictionary(topic => topic, _output.Committed));
        return OutcomeHandlers.Over(context, _options, _store, _log, _clock);
    }
}
