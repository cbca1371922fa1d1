using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Optimizer.Outcomes.Core;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>A wall clock may be hours ahead for a while; what comes in meanwhile is waited for no longer than anything else.</summary>
[Trait("height", "harness")]
public sealed class SteppedClockTests
{
    [Fact]
    public async Task Idle_ImpressionOfAnHourThatNeverWas_ResolvesInTime()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (right, options, store, output) = (
            new FakeTimeProvider(Scene.Start), new OutcomesOptions(), new InMemoryStateStore(), new RecordingOutput());
        var wall = new SteppedClock(right) { Ahead = TimeSpan.FromHours(2) };
        var handler = OutcomeHandlers.Over(
            new PartitionContext(
                "outcomes", 0, new Dictionary<string, ulong> { [Topics.Impressions] = 1, [Topics.Events] = 2 },
                new Dictionary<string, long>()), options, store, new InMemoryLog(), wall);
        await handler.StartAsync(cancellation);
        var slate = new InMemoryLog().Append(Topics.Impressions, 0, "u", Scene.Impression("r", "u", 0, "a", "b"), Scene.Start);
        await handler.HandleAsync([slate], output, cancellation);
        wall.Ahead = TimeSpan.Zero;

        right.Advance(options.Window + options.Lateness);
        await handler.IdleAsync(output, cancellation);

        Assert.Equal(1, output.Positions[Topics.Impressions]);
    }

    private sealed class SteppedClock(TimeProvider right) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => right.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + Ahead;

        public override long GetTimestamp() => right.GetTimestamp();
    }
}
