using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Strata.Streaming.Consuming;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Records;
using Strata.Streaming.Telemetry;
using Strata.Streaming.Tests.Harness;

namespace Strata.Streaming.Tests.Consuming.Committing;

[Trait("height", "unit")]
public sealed class TransactionBufferTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly StreamingMetrics _metrics;
    private readonly CommitSignal _commits = new();
    private readonly TransactionBuffer _buffer;

    public TransactionBufferTests()
    {
        _metrics = new StreamingMetrics(_services.GetRequiredService<IMeterFactory>());
        var consumer = new ConsumerEnvironment("g", new StreamConsumerOptions(), _metrics, TimeProvider.System, NullLogger.Instance);
        _buffer = new TransactionBuffer(consumer, _commits, 3, new Dictionary<string, long> { ["a"] = 5 });
    }

    [Fact]
    public void Commit_BeyondWhatWasHandedOver_IsRefused()
    {
        _buffer.BeginCall([Of("a", 5)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.Commit("a", 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.Commit("b", 1));
        _buffer.Commit("a", 6);
    }

    [Fact]
    public void Commit_TwoTopicsInOneCall_AreOneStepWithTheirMessages()
    {
        _buffer.BeginCall([Of("a", 5), Of("b", 0)]);
        Send();
        _buffer.Commit("a", 6);
        Assert.Null(_buffer.Take());
        _buffer.Commit("b", 1);
        _buffer.EndCall();

        var pending = _buffer.Take();

        Assert.NotNull(pending);
        Assert.Single(pending.Messages);
        Assert.Equal((6, 1), (pending.Positions["a"], pending.Positions["b"]));
        Assert.Null(_buffer.Take());
    }

    [Fact]
    public void Send_WithoutCommit_WaitsForTheNextCommit()
    {
        _buffer.BeginCall([Of("a", 5), Of("a", 6)]);
        Send();
        _buffer.EndCall();
        Assert.Equal(CommitNeed.None, _buffer.Need());
        Assert.Null(_buffer.Take());

        _buffer.Commit("a", 7);

        Assert.Equal(CommitNeed.Output, _buffer.Need());
        Assert.Single(_buffer.Take()!.Messages);
    }

    [Fact]
    public void Commit_Backwards_KeepsTheNewestAndStillSends()
    {
        _buffer.BeginCall([Of("a", 2)]);
        Send();
        _buffer.Commit("a", 3);
        _buffer.EndCall();

        var pending = _buffer.Take()!;
        _buffer.Done(pending);

        Assert.Equal(5, pending.Positions["a"]);
        Assert.Single(pending.Messages);
        Assert.Equal(5, _buffer.Committed("a"));
        Assert.False(_buffer.Progressed);
    }

    [Fact]
    public void Commit_WhileOlderIsInFlight_NeverFallsBehindIt()
    {
        _buffer.BeginCall([Of("a", 5), Of("a", 6)]);
        _buffer.Commit("a", 7);
        _buffer.EndCall();
        var first = _buffer.Take()!;

        _buffer.Commit("a", 6);

        Assert.Equal(7, _buffer.Take()!.Positions["a"]);
        _buffer.Done(first);
        Assert.Equal(7, _buffer.Committed("a"));
        Assert.True(_buffer.Progressed);
    }

    [Fact]
    public void Return_NewerWasCommittedSince_NewerCounts()
    {
        _buffer.BeginCall([Of("a", 5), Of("a", 6), Of("b", 0)]);
        _buffer.Commit("a", 6);
        _buffer.Commit("b", 1);
        _buffer.EndCall();
        var refused = _buffer.Take()!;
        _buffer.Commit("a", 7);

        _buffer.Return(refused);

        var again = _buffer.Take()!;
        Assert.Equal((7, 1), (again.Positions["a"], again.Positions["b"]));
    }

    [Fact]
    public async Task Flush_CommitComes_IsOverThenAndNotBefore()
    {
        _buffer.BeginCall([Of("a", 5)]);
        Send();
        _buffer.Commit("a", 6);
        var flush = _buffer.FlushAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(CommitNeed.Flush, _buffer.Need());
        var pending = _buffer.Take()!;
        Assert.False(flush.IsCompleted);

        _buffer.Done(pending);

        await flush.Soon();
        await _buffer.FlushAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Space_TooManyWait_OpensWithTheirCommit()
    {
        _buffer.BeginCall([Of("a", 5)]);
        Send();
        Send();
        _buffer.Commit("a", 6);
        _buffer.EndCall();
        await _buffer.SpaceAsync(3, TestContext.Current.CancellationToken);
        var space = _buffer.SpaceAsync(2, TestContext.Current.CancellationToken).AsTask();
        var pending = _buffer.Take()!;
        Assert.False(space.IsCompleted);

        _buffer.Done(pending);

        await space.Soon();
    }

    [Fact]
    public async Task End_WhileInFlight_SettlesOnlyWithItsOutcome()
    {
        _buffer.BeginCall([Of("a", 5), Of("a", 6)]);
        Send();
        _buffer.Commit("a", 6);
        _buffer.EndCall();
        var pending = _buffer.Take()!;
        _buffer.Commit("a", 7);
        var flush = _buffer.FlushAsync(TestContext.Current.CancellationToken).AsTask();

        _buffer.End();
        var settled = _buffer.SettleAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidOperationException>(() => flush);
        Assert.Null(_buffer.Take());
        Assert.Throws<InvalidOperationException>(Send);
        Assert.False(settled.IsCompleted);
        Assert.False(_buffer.IsVoid);
        _buffer.Done(pending);
        await settled.Soon();
    }

    public void Dispose()
    {
        _commits.Dispose();
        _metrics.Dispose();
        _services.Dispose();
    }

    private static StreamRecord Of(string topic, long offset) => new(topic, 3, offset, null, null, DateTimeOffset.UnixEpoch, []);

    private void Send() => _buffer.Send("out", "k", null, DateTimeOffset.UnixEpoch);
}
