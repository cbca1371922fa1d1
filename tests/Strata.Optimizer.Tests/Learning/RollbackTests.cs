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
public sealed class RollbackTests
{
    private const ulong Log = 77;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryLog _log = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly LearningOptions _options = new()
    {
        PublishExamples = 10,
        PublishInterval = TimeSpan.FromHours(1),
        VersionsKept = 3,
        KeepInterval = TimeSpan.FromMinutes(10),
    };
    private readonly Random _random = new(3);
    private readonly RecordingOutput _output = new();

    [Fact]
    public async Task Handle_ManyVersions_KeepsTheNewestInABoundedRing()
    {
        var handler = await StartAsync();
        for (var i = 0; i < 12; i++)
        {
            await LearnAsync(handler, 10);
            _clock.Advance(TimeSpan.FromMinutes(5));
        }

        var kept = Kept();
        Assert.Equal(["default@0", "default@1", "default@2"], kept.Keys.Order());
        Assert.Equal(new ulong[] { 7, 9, 11 }, kept.Values.Select(policy => policy.Version).Order());
    }

    [Fact]
    public async Task Handle_Rollback_PublishesTheOldVersionAtOnceAndLearnsOnFromIt()
    {
        var handler = await StartAsync();
        await LearnAsync(handler, 10);
        var first = Policies()[^1];
        _clock.Advance(TimeSpan.FromMinutes(1));
        await LearnAsync(handler, 55);

        await RollbackAsync(handler, first.Version);

        var restored = Policies()[^1];
        Assert.Equal((7ul, first.Version, "back"), (restored.Version, restored.RestoredVersion, restored.RollbackId));
        Assert.Equal((first.Weights, first.Squares, first.Layers), (restored.Weights, restored.Squares, restored.Layers));
        Assert.Equal(66, restored.TrainingNext);
        Assert.Equal(66, _output.Positions[Topics.Training]);

        await LearnAsync(handler, 10);

        Assert.Equal((8ul, 20ul, 0ul), (Policies()[^1].Version, Policies()[^1].Steps, Policies()[^1].RestoredVersion));
    }

    [Fact]
    public async Task Start_AfterARollback_GoesOnFromWhatWasRestored()
    {
        var handler = await StartAsync();
        await LearnAsync(handler, 30);
        await RollbackAsync(handler, 1);
        await LearnAsync(handler, 5); // learned and not published
        _log.Append(_output.Sent);

        var again = Make();
        var start = await again.StartAsync(None);
        foreach (var record in _log.From(Topics.Training, 0, start[Topics.Training]))
        {
            await again.HandleAsync([record], _output, None);
        }

        await again.DrainAsync(_output, None);

        Assert.Equal((5ul, 15ul), (Policies()[^1].Version, Policies()[^1].Steps));
    }

    [Fact]
    public async Task Handle_RollbackToTheVersionInForce_GivesUpWhatWasLearnedSince()
    {
        var handler = await StartAsync();
        await LearnAsync(handler, 25);

        await RollbackAsync(handler, 2);

        Assert.Equal((3ul, 2ul, 20ul), (Policies()[^1].Version, Policies()[^1].RestoredVersion, Policies()[^1].Steps));
    }

    [Fact]
    public async Task Handle_VersionThatIsNotKept_ChangesNothing()
    {
        var handler = await StartAsync();
        await LearnAsync(handler, 30);
        var before = Policies().Count;

        await RollbackAsync(handler, 2);
        await LearnAsync(handler, 10);

        Assert.Equal(before + 1, Policies().Count);
        Assert.Equal((40ul, 0ul), (Policies()[^1].Steps, Policies()[^1].RestoredVersion));
        Assert.Empty(_output.Dead);
    }

    private async Task<LearnerHandler> StartAsync()
    {
        var handler = Make();
        await handler.StartAsync(None);
        return handler;
    }

    private async Task LearnAsync(LearnerHandler handler, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await handler.HandleAsync(
                [_log.Append(Topics.Training, 0, null, Examples.Shadow(_random, i), _clock.GetUtcNow())], _output, None);
        }
    }

    private async Task RollbackAsync(LearnerHandler handler, ulong version)
    {
        var command = new PolicyCommand { Rollback = new PolicyCommand.Types.Rollback { Version = version, RequestId = "back" } };
        await handler.HandleAsync(
            [_log.Append(Topics.Training, 0, Keys.PolicyCommand, command, _clock.GetUtcNow())], _output, None);
    }

    private List<Policy> Policies() => [.. _output.Sent
        .Where(sent => sent.Topic == Topics.Policy && sent.Key == "default").Select(sent => (Policy)sent.Value!)];

    private Dictionary<string, Policy> Kept()
    {
        var kept = new Dictionary<string, Policy>();
        foreach (var sent in _output.Sent.Where(sent => sent.Topic == Topics.Policy && sent.Key != "default"))
        {
            kept[sent.Key!] = (Policy)sent.Value!;
        }

        return kept;
    }

    private LearnerHandler Make()
    {
        var context = new PartitionContext(
            "learner", 0, new Dictionary<string, ulong> { [Topics.Training] = Log }, new Dictionary<string, long>());
        return new LearnerHandler(
            context, _options, _log, _clock, new LearningMetrics(new Meters()), NullLogger<LearnerHandler>.Instance);
    }
}
