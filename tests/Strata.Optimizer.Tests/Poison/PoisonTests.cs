using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Bounds;
using Strata.Contracts.State.V1;
using Strata.Optimizer.Learning;
using Strata.Optimizer.Learning.Core;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.RankingModel;
using Strata.Optimizer.Tests.Outcomes;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;
using Strata.Testing.Poison;

namespace Strata.Optimizer.Tests.Poison;

/// <summary>Every field of every topic with what no writer means: nothing stops, and what is learned are numbers.</summary>
[Trait("height", "harness")]
public sealed class PoisonTests
{
    private const ulong Log = 9;

    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(GoodMessages.TimeMs);

    private readonly InMemoryLog _log = new();
    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _clock = new(Time);
    private readonly RecordingOutput _output = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outcomes_AbsurdImpressionsAndEvents_AreSetAsideAndTheGoodOneIsCounted()
    {
        _log.AppendAbsurdities(Topics.Impressions, 0, "u1", GoodMessages.Impression());
        _log.AppendAbsurdities(Topics.Events, 0, "u1", GoodMessages.Event());
        var good = GoodMessages.Impression();
        good.RequestId = "last";
        _log.Append(Topics.Impressions, 0, "u1", good, Time);
        _store.Values[Keys.UserPolicy("u1")] = FencedValue.Encode([new Fence(Log, 0)], Absurd(GoodMessages.UserPolicy()));
        var handler = OutcomesHandler();
        await handler.StartAsync(Cancel);

        await handler.HandleAsync([.. _log.From(Topics.Impressions, 0, 0), .. _log.From(Topics.Events, 0, 0)], _output, Cancel);
        _clock.Advance(TimeSpan.FromDays(30));
        await handler.IdleAsync(_output, Cancel);

        var counts = UserPolicy.Parser.ParseFrom(FencedValue.Payload(_store.Values[Keys.UserPolicy("u1")]).Span);
        Assert.NotEmpty(_output.Dead);
        Assert.Empty(_output.Faults());
        Assert.Null(MessageBounds.Fault(counts));
        Assert.True(_store.Values.ContainsKey(Keys.Quarantine(Keys.UserPolicy("u1"))));
        Assert.Equal(_log.From(Topics.Impressions, 0, 0).Count, _output.Committed(Topics.Impressions));
    }

    [Fact]
    public async Task Learner_AbsurdExamples_AreDeadLetteredAndWhatIsLearnedAreNumbers()
    {
        _log.AppendAbsurdities(Topics.Training, 0, null, GoodMessages.Example());
        _log.Append(Topics.Training, 0, null, GoodMessages.Example(), Time);
        var handler = Learner();
        await handler.StartAsync(Cancel);

        await handler.HandleAsync(_log.From(Topics.Training, 0, 0), _output, Cancel);
        await handler.DrainAsync(_output, Cancel);

        Assert.NotEmpty(_output.Dead);
        Assert.Empty(_output.Faults());
        Assert.Equal(_log.From(Topics.Training, 0, 0).Count, _output.Committed(Topics.Training));
    }

    [Fact]
    public async Task Learner_GarbageBehindItsPolicy_GoesOnFromTheNewestThatIsOne()
    {
        var good = GoodMessages.Policy();
        good.TrainingLog = Log;
        _log.Append(Topics.Policy, 0, "default", good, Time);
        var poison = _log.AppendAbsurdities(Topics.Policy, 0, "default", good, absurdity => absurdity.IsRefused).Count;
        // Contexts of a release to come.
        good.ContextWeights.AddRange(Enumerable.Repeat(good.ContextWeights[0], Contexts.Count));
        good.ContextSquares.AddRange(Enumerable.Repeat(good.ContextSquares[0], Contexts.Count));
        _log.Append(Topics.Policy, 0, "default", good, Time);

        var start = await Learner().StartAsync(Cancel);

        Assert.Equal(0, start[Topics.Training]); // for the window; what is learned is skipped
        Assert.Equal(poison + 1, _log.Skipped.Count);
    }

    private static byte[] Absurd(IMessage good) => Absurdities.Values(good).First(absurdity => absurdity.IsRefused).Bytes;

    private OutcomeHandler OutcomesHandler()
    {
        var context = new PartitionContext(
            "g",
            0,
            new Dictionary<string, ulong> { [Topics.Impressions] = Log, [Topics.Events] = Log },
            new Dictionary<string, long>());
        return OutcomeHandlers.Over(context, new OutcomesOptions(), _store, _log, _clock);
    }

    private LearnerHandler Learner()
    {
        var context = new PartitionContext(
            "g", 0, new Dictionary<string, ulong> { [Topics.Training] = Log }, new Dictionary<string, long>());
        return new LearnerHandler(
            context, new LearningOptions(), _log, _clock, new LearningMetrics(new Meters()), NullLogger<LearnerHandler>.Instance);
    }
}
