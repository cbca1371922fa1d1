using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Optimizer.Learning;
using Strata.Optimizer.Learning.Core;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Learning;

[Trait("height", "harness")]
public sealed class LearnerHandlerTests
{
    private const ulong Log = 77;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryLog _log = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly LearningOptions _options = new() { PublishExamples = 10 };

    [Fact]
    public async Task Handle_CrashBetweenPublications_LearnsEachExampleOnce()
    {
        var random = new Random(4);
        for (var i = 0; i < 55; i++)
        {
            _log.Append(Topics.Training, 0, null, Examples.Shadow(random, i), _clock.GetUtcNow());
        }

        var expected = await RunAsync(new RecordingOutput(), crashAt: int.MaxValue);
        var output = new RecordingOutput();
        await RunAsync(output, crashAt: 37);
        output.Crash();
        _log.Append(output.Sent);
        var recovered = await RunAsync(output, crashAt: int.MaxValue);

        recovered.Version = expected.Version;
        Assert.Equal(expected, recovered);
        Assert.Equal(55u, recovered.Steps);
    }

    [Fact]
    public async Task Handle_EveryCommit_IsThatOfThePolicyBesideIt()
    {
        var random = new Random(4);
        for (var i = 0; i < 55; i++)
        {
            _log.Append(Topics.Training, 0, null, Examples.Shadow(random, i), _clock.GetUtcNow());
        }

        var output = new RecordingOutput();
        await RunAsync(output, crashAt: int.MaxValue);

        var policies = output.SentTo<Policy>(Topics.Policy, "default");
        Assert.Equal(output.Commits.Select(commit => commit.Value), policies.Select(policy => policy.TrainingNext));
        Assert.Equal(policies.Select(policy => policy.TrainingNext), policies.Select(policy => (long)policy.Steps));
        Assert.All(output.Sent, sent => Assert.Equal(0, sent.Partition));
        Assert.Equal(["default", "default@0"], output.Sent.Select(sent => sent.Key).Distinct());
    }

    [Fact]
    public async Task Idle_FewExamplesAndIntervalOver_PublishesThem()
    {
        var handler = Make(0, committed: 0);
        var output = new RecordingOutput();
        await handler.StartAsync(None);
        var record = _log.Append(Topics.Training, 0, null, Examples.Shadow(new Random(1), 0), _clock.GetUtcNow());
        await handler.HandleAsync([record], output, None);

        await handler.IdleAsync(output, None);
        Assert.Empty(output.Sent);
        _clock.Advance(_options.PublishInterval);
        await handler.IdleAsync(output, None);
        await handler.IdleAsync(output, None);

        Assert.Single(output.SentTo<Policy>(Topics.Policy, "default"));
        Assert.Equal(1, output.Positions[Topics.Training]);
    }

    [Fact]
    public async Task Handle_RecordThatIsNoExample_IsDeadLetteredOnceWithItsCommit()
    {
        var handler = Make(0, committed: 0);
        var output = new RecordingOutput();
        await handler.StartAsync(None);
        var bad = _log.Append(Topics.Training, 0, null, new byte[] { 0xff, 0xff }, _clock.GetUtcNow());

        await handler.HandleAsync([bad], output, None);
        Assert.Empty(output.Dead);
        await handler.DrainAsync(output, None);

        Assert.Same(bad, Assert.Single(output.Dead).Record);
        Assert.Equal(1, output.Positions[Topics.Training]);
    }

    [Fact]
    public async Task Handle_AnotherPartition_DeadLettersAndDoesNotLearn()
    {
        var handler = Make(2, committed: 0);
        var output = new RecordingOutput();
        await handler.StartAsync(None);
        var stray = _log.Append(Topics.Training, 2, null, Examples.Shadow(new Random(1), 0), _clock.GetUtcNow());

        await handler.HandleAsync([stray], output, None);
        await handler.DrainAsync(output, None);

        Assert.Single(output.Dead);
        Assert.Empty(output.Sent);
        Assert.Equal(1, output.Positions[Topics.Training]);
    }

    [Fact]
    public async Task Start_PolicyOfAnotherTrainingLog_KeepsWeightsAndLeavesThePositionToTheGroup()
    {
        var learner = new PolicyLearner(_options);
        learner.Learn(Examples.Shadow(new Random(1), 0));
        var policy = learner.Publish();
        (policy.TrainingLog, policy.TrainingNext) = (Log + 1, 1000);
        _log.Append(Topics.Policy, 0, "default", policy, _clock.GetUtcNow());
        var handler = Make(0, committed: 0);
        var output = new RecordingOutput();

        var start = await handler.StartAsync(None);
        await handler.HandleAsync(
            [_log.Append(Topics.Training, 0, null, Examples.Shadow(new Random(2), 1), _clock.GetUtcNow())], output, None);
        await handler.DrainAsync(output, None);

        Assert.Empty(start);
        Assert.Equal(2u, Assert.Single(output.SentTo<Policy>(Topics.Policy, "default")).Steps);
    }

    /// <summary>Runs a fresh handler from where the log and the output say, in batches of seven, and returns the newest policy.</summary>
    private async Task<Policy> RunAsync(RecordingOutput output, int crashAt)
    {
        var handler = Make(0, output.Committed(Topics.Training));
        var start = await handler.StartAsync(None);

        // The group may have lost its position: what the policy says is enough.
        var from = start.GetValueOrDefault(Topics.Training);
        var records = _log.From(Topics.Training, 0, Math.Max(0, from - 3));
        foreach (var batch in records.Where(record => record.Offset < crashAt).Chunk(7))
        {
            await handler.HandleAsync(batch, output, None);
        }

        if (crashAt == int.MaxValue)
        {
            await handler.DrainAsync(output, None);
        }

        return output.SentTo<Policy>(Topics.Policy, "default")[^1];
    }

    private LearnerHandler Make(int partition, long committed)
    {
        var meters = new ServiceCollection()
            .AddMetrics()
            .BuildServiceProvider()
            .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        var context = new PartitionContext(
            "learner",
            partition,
            new Dictionary<string, ulong> { [Topics.Training] = Log },
            new Dictionary<string, long> { [Topics.Training] = committed });
        return new LearnerHandler(context, _options, _log, _clock, new LearningMetrics(meters), NullLogger<LearnerHandler>.Instance);
    }
}
