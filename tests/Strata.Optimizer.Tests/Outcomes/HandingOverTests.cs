using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>What a user was shown is counted under another name from then on: once, and nothing stays behind.</summary>
[Trait("height", "harness")]
public sealed class HandingOverTests
{
    private const string Old = "first.u";
    private const string New = "second.u";

    private static readonly Dictionary<string, ulong> Logs = new() { [Topics.Impressions] = 11, [Topics.Events] = 12 };

    private readonly InMemoryLog _log = new();
    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _clock = new(Scene.Start);
    private readonly OutcomesOptions _options = new();
    private readonly RecordingOutput _output = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HandOver_WaitsForTheOutcomesBeforeIt_AndBringsTheCountsAsTheyWere()
    {
        var handler = await StartAsync();
        await handler.HandleAsync([Slate("first", 0, Old), Order(1)], _output, Cancel);
        Assert.Empty(_store.Values);
        await PassAsync(handler);
        var sent = Assert.Single(_output.SentTo<Impression>(Topics.Impressions));

        await handler.HandleAsync([Deliver(sent)], _output, Cancel);
        await handler.IdleAsync(_output, Cancel);

        Assert.Equal(1, Counts(New).Shown[0], .01);
        Assert.Equal(sent.HandOver.Policy, Counts(New));
        Assert.Equal(new UserPolicy(), Counts(Old));
        Assert.Single(_output.SentTo<TrainingExample>(Topics.Training));

        // Once more: nothing is left; and beside counts they add up.
        await handler.HandleAsync([Order(2), Slate("second", 2, Old), Order(3)], _output, Cancel);
        await PassAsync(handler);
        await handler.HandleAsync([Deliver(_output.SentTo<Impression>(Topics.Impressions)[1])], _output, Cancel);
        Assert.Equal(2, Counts(New).Shown[0], .01);
        Assert.Equal(2, _output.SentTo<Impression>(Topics.Impressions).Count);
    }

    [Fact]
    public async Task HandOver_OfWhatLiesInNoLayer_BringsWhatWasPassedOver()
    {
        var handler = await StartAsync();
        var slate = Scene.Impression("first", Old, 0, "a", "b");
        slate.Shown.ToList().ForEach(shown => shown.LayerId = 0);
        var shown = _log.Append(Topics.Impressions, 0, Old, slate, Scene.Start);
        await handler.HandleAsync([shown, Order(1)], _output, Cancel);
        await PassAsync(handler);

        await handler.HandleAsync([Deliver(Assert.Single(_output.SentTo<Impression>(Topics.Impressions)))], _output, Cancel);

        Assert.Empty(Counts(New).LayerIds);
        Assert.Equal(["a", "b"], Counts(New).PassedOver.Select(passed => passed.ItemId));
        Assert.Empty(Counts(Old).PassedOver);
    }

    [Fact]
    public async Task HandOver_OfSlatesInNoLayerWithAllChosen_BringsTheirArms()
    {
        var handler = await StartAsync();
        var slate = Scene.Impression("first", Old, 0, "a");
        slate.Shown[0].LayerId = 0;
        slate.Arms.Add(new ExperimentArm { Experiment = "layers", Arm = "control" });
        var shown = _log.Append(Topics.Impressions, 0, Old, slate, Scene.Start);
        var act = Scene.Act(Old, 1, "a", "first");
        var chosen = _log.Append(Topics.Events, 0, Old, act, Scene.Start.AddMinutes(1));
        await handler.HandleAsync([shown, chosen, Order(2)], _output, Cancel);
        await PassAsync(handler);

        await handler.HandleAsync([Deliver(Assert.Single(_output.SentTo<Impression>(Topics.Impressions)))], _output, Cancel);

        Assert.Empty(Counts(New).PassedOver);
        Assert.Equal((1ul, 1ul), (Assert.Single(Counts(New).Arms).Slates, Counts(New).Arms[0].Clicked));
        Assert.Empty(Counts(Old).Arms);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HandOver_KilledBetweenStoreAndCommit_IsSentOnce(bool killedBefore)
    {
        StreamRecord[] all = [Slate("first", 0, Old), Order(1)];
        var handler = await StartAsync();
        await handler.HandleAsync(all, _output, Cancel);
        _clock.Advance(_options.Window + _options.Lateness);
        _output.FailCommits = killedBefore ? new TimeoutException() : null;
        if (killedBefore)
        {
            await Assert.ThrowsAsync<TimeoutException>(async () => await handler.IdleAsync(_output, Cancel));
            Assert.Single(Counts(Old).HandedOver);
            _output.FailCommits = null;
            _output.Crash();
        }
        else
        {
            await handler.IdleAsync(_output, Cancel);
        }

        // Read again from the beginning, whatever was committed.
        var again = await StartAsync();
        await again.HandleAsync(all, _output, Cancel);
        await PassAsync(again);

        Assert.Single(_output.SentTo<Impression>(Topics.Impressions));
        Assert.Equal(new UserPolicy(), Counts(Old));
    }

    [Fact]
    public async Task TakeOver_OfWhatKnowsNothingOfAForgetting_BringsNothingBack()
    {
        var handler = await StartAsync();
        await handler.HandleAsync([Slate("first", 0, Old), Order(1)], _output, Cancel);
        await PassAsync(handler);
        _store.Values[ForgottenMarksOver.KeyOf(New, "policy")] = FencedValue.Encode(
            [default], Google.Protobuf.MessageExtensions.ToByteArray(new Forgotten { EventTimeUnixMs = 1, AskedUnixMs = 1 }));

        await handler.HandleAsync([Deliver(_output.SentTo<Impression>(Topics.Impressions)[0])], _output, Cancel);

        Assert.DoesNotContain(Keys.UserPolicy(New), _store.Values.Keys);
    }

    private UserPolicy Counts(string user) => UserPolicy.Parser.ParseFrom(FencedValue.Payload(_store.Values[Keys.UserPolicy(user)]).Span);

    private async Task PassAsync(OutcomeHandler handler)
    {
        _clock.Advance(_options.Window + _options.Lateness);
        await handler.IdleAsync(_output, Cancel);
        await handler.IdleAsync(_output, Cancel);
    }

    private async Task<OutcomeHandler> StartAsync()
    {
        var context = new PartitionContext(
            "outcomes",
            0,
            Logs,
            new Dictionary<string, long> { [Topics.Impressions] = _output.Committed(Topics.Impressions) });
        var handler = OutcomeHandlers.Over(context, _options, _store, _log, _clock);
        await handler.StartAsync(Cancel);
        return handler;
    }

    private StreamRecord Slate(string request, double minutes, string user)
        => _log.Append(Topics.Impressions, 0, user, Scene.Impression(request, user, minutes, "a"), Scene.Start.AddMinutes(minutes));

    private StreamRecord Order(double minutes) => Deliver(new Impression
    {
        UserId = Old,
        TimeUnixMs = Scene.Start.AddMinutes(minutes).ToUnixTimeMilliseconds(),
        HandOver = new HandOver { ToUserId = New, SameUser = true },
    });

    private StreamRecord Deliver(Impression impression)
        => _log.Append(
            Topics.Impressions, 0, impression.UserId, impression, DateTimeOffset.FromUnixTimeMilliseconds(impression.TimeUnixMs));
}
