using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Learning;
using Strata.Optimizer.Learning.Core;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Learning;

/// <summary>
/// Slates are shown and clicked by people who mean it; beside them come choices that somebody makes up. What is learned of those would
/// put what people click at the end.
/// </summary>
[Trait("height", "harness")]
public sealed class HoldBackTests
{
    private const ulong Log = 77;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryLog _log = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly LearningOptions _options = new() { PublishExamples = 50, HoldBackSlates = 50, WindowExamples = 3000 };
    private readonly Random _random = new(3);
    private readonly RecordingOutput _output = new();
    private readonly WarningList _logger = new();

    [Fact]
    public async Task Handle_HonestExamples_AreAllPublishedWithTheirEstimate()
    {
        await LearnAsync(Honest(600));

        var policies = _output.SentTo<Policy>(Topics.Policy, "default");
        Assert.Equal(12, policies.Count);
        Assert.Equal(600, policies[^1].TrainingNext);
        Assert.Equal(300u, policies[^1].Estimate.Slates);
        Assert.True(policies[^1].Estimate.DoublyRobust > policies[0].Estimate.HalfWidth);
        Assert.InRange(policies[^1].Estimate.EffectiveSlates, 50, 300);
        Assert.Empty(_logger.Warnings);
    }

    [Fact]
    public async Task Handle_SpoiledOnPurpose_IsHeldBackAndSaysWhyUntilItIsMended()
    {
        var handler = await LearnAsync(Honest(600));
        var (published, position) = (_output.SentTo<Policy>(Topics.Policy, "default").Count, _output.Positions[Topics.Training]);

        _options.PublishExamples = 1500;
        await HandleAsync(handler, Spoiled(1500));

        Assert.Equal(published, _output.SentTo<Policy>(Topics.Policy, "default").Count);
        Assert.Equal(position, _output.Positions[Topics.Training]);
        Assert.Contains("is not published", _logger.Warnings[0], StringComparison.Ordinal);

        await HandleAsync(handler, Honest(4500));

        Assert.True(_output.SentTo<Policy>(Topics.Policy, "default").Count > published);
        Assert.Equal(6600, _output.Positions[Topics.Training]);
    }

    [Fact]
    public async Task Idle_HeldBackForAsLongAsMayBe_IsPublishedAllTheSame()
    {
        var handler = await LearnAsync(Honest(600));
        var published = _output.SentTo<Policy>(Topics.Policy, "default").Count;
        _options.PublishExamples = 1500;
        await HandleAsync(handler, Spoiled(1500));

        _clock.Advance(_options.HoldBackAtMost);
        await handler.IdleAsync(_output, None);

        Assert.Equal(published + 1, _output.SentTo<Policy>(Topics.Policy, "default").Count);
        Assert.Equal(2100, _output.Positions[Topics.Training]);
        Assert.Contains("was held back for 06:00:00", _logger.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_WhatIsNoExampleWhileHeldBack_IsADeadLetterWithoutAnotherPosition()
    {
        var handler = await LearnAsync(Honest(600));
        var position = _output.Positions[Topics.Training];
        _options.PublishExamples = 1500;
        await HandleAsync(handler, Spoiled(1500));
        var wrong = Spoiled(1).Single();
        wrong.Positive = (int)wrong.Candidates + 1;
        await HandleAsync(handler, [wrong]);

        _clock.Advance(_options.PublishInterval);
        await handler.IdleAsync(_output, None);

        Assert.Single(_output.Dead);
        Assert.Equal(position, _output.Commits[^1].Value);
    }

    [Fact]
    public async Task Handle_SpoiledWithoutHoldBack_IsPublished()
    {
        _options.HoldBack = false;

        var handler = await LearnAsync(Honest(600));
        _options.PublishExamples = 1500;
        await HandleAsync(handler, Spoiled(1500));

        Assert.Equal(13, _output.SentTo<Policy>(Topics.Policy, "default").Count);
    }

    [Fact]
    public async Task Start_AfterACrashWhileHeld_JudgesAsBefore()
    {
        var handler = await LearnAsync(Honest(600));
        _log.Append(_output.Sent);
        _options.PublishExamples = 1500;
        await HandleAsync(handler, Spoiled(1500));

        var again = new RecordingOutput();
        var restarted = Make();
        var start = await restarted.StartAsync(None);
        Assert.Equal(0, start[Topics.Training]); // 600 less the window of 3,000
        foreach (var batch in _log.From(Topics.Training, 0, start[Topics.Training]).Chunk(40))
        {
            await restarted.HandleAsync(batch, again, None);
        }

        Assert.Empty(again.SentTo<Policy>(Topics.Policy, "default"));
        Assert.Equal(2, _logger.Warnings.Count);
        Assert.Equal(_logger.Warnings[0], _logger.Warnings[1]);
    }

    private IEnumerable<TrainingExample> Honest(int count)
        => Enumerable.Range(0, count).Select(i => i % 2 == 0 ? Shown(i) : Examples.Shadow(_random, i));

    private IEnumerable<TrainingExample> Spoiled(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var example = Examples.Shadow(_random, i);
        var rows = new float[example.Candidates * Examples.Features];
        Assert.True(RankingModel.FeatureBytes.TryDecode(example.Features.Span, rows));
        example.Features = Examples.Bytes([.. rows.Select((value, at) => (2 * (at % Examples.Features)) - value)]);
        example.Weight = 1;
        return example;
    });

    private TrainingExample Shown(int i)
    {
        var example = Examples.Impression(_random, i);
        example.Weight = 1;
        example.Expected.AddRange(Enumerable.Repeat(.1f, (int)example.Candidates));
        example.Chosen.Add((uint)example.Positive);
        return example;
    }

    private async Task<LearnerHandler> LearnAsync(IEnumerable<TrainingExample> examples)
    {
        var handler = Make();
        await handler.StartAsync(None);
        await HandleAsync(handler, examples);
        return handler;
    }

    private async Task HandleAsync(LearnerHandler handler, IEnumerable<TrainingExample> examples)
    {
        foreach (var example in examples)
        {
            await handler.HandleAsync([_log.Append(Topics.Training, 0, null, example, _clock.GetUtcNow())], _output, None);
        }
    }

    private LearnerHandler Make()
    {
        var context = new PartitionContext(
            "learner", 0, new Dictionary<string, ulong> { [Topics.Training] = Log }, new Dictionary<string, long>());
        return new LearnerHandler(context, _options, _log, _clock, new LearningMetrics(new Meters()), _logger);
    }

    private sealed class WarningList : ILogger<LearnerHandler>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
