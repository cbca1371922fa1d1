using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Strata.Streaming.Tests;

public sealed class PartitionOutboxTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly StreamingMetrics _metrics;
    private readonly PartitionOutbox _outbox;

    public PartitionOutboxTests()
    {
        _metrics = new StreamingMetrics(_services.GetRequiredService<IMeterFactory>());
        var scope = new ConsumerScope
        {
            Group = "g",
            Topics = ["a", "b"],
            Options = new StreamConsumerOptions(),
            Factory = new ScriptedFactory(),
            Broker = null!,
            Questions = null!,
            Clients = null!,
            Metrics = _metrics,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            Fatal = _ => { },
        };
        _outbox = new PartitionOutbox(scope, 3, new Dictionary<string, long> { ["a"] = 5 });
    }

    [Fact]
    public void Commit_BeyondWhatWasHandedOver_IsRefused()
    {
        _outbox.BeginCall([Of("a", 5)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => _outbox.Commit("a", 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => _outbox.Commit("b", 1));
        _outbox.Commit("a", 6);
    }

    [Fact]
    public void Commit_TwoTopicsInOneCall_AreOneStepWithTheirMessages()
    {
        _outbox.BeginCall([Of("a", 5), Of("b", 0)]);
        Send();
        _outbox.Commit("a", 6);
        Assert.Null(_outbox.Take());
        _outbox.Commit("b", 1);
        _outbox.EndCall();

        var pending = _outbox.Take();

        Assert.NotNull(pending);
        Assert.Single(pending.Messages);
        Assert.Equal((6, 1), (pending.Positions["a"], pending.Positions["b"]));
        Assert.Null(_outbox.Take());
    }

    [Fact]
    public void Send_WithoutCommit_WaitsForTheNextCommit()
    {
        _outbox.BeginCall([Of("a", 5), Of("a", 6)]);
        Send();
        _outbox.EndCall();
        Assert.Equal(CommitNeed.None, _outbox.Need());
        Assert.Null(_outbox.Take());

        _outbox.Commit("a", 7);

        Assert.Equal(CommitNeed.Output, _outbox.Need());
        Assert.Single(_outbox.Take()!.Messages);
    }

    [Fact]
    public void Commit_Backwards_KeepsTheNewestAndStillSends()
    {
        _outbox.BeginCall([Of("a", 2)]);
        Send();
        _outbox.Commit("a", 3);
        _outbox.EndCall();

        var pending = _outbox.Take()!;
        _outbox.Done(pending);

        Assert.Equal(5, pending.Positions["a"]);
        Assert.Single(pending.Messages);
        Assert.Equal(5, _outbox.Committed("a"));
        Assert.False(_outbox.Progressed);
    }

    [Fact]
    public void Commit_WhileOlderIsInFlight_NeverFallsBehindIt()
    {
        _outbox.BeginCall([Of("a", 5), Of("a", 6)]);
        _outbox.Commit("a", 7);
        _outbox.EndCall();
        var first = _outbox.Take()!;

        _outbox.Commit("a", 6);

        Assert.Equal(7, _outbox.Take()!.Positions["a"]);
        _outbox.Done(first);
        Assert.Equal(7, _outbox.Committed("a"));
        Assert.True(_outbox.Progressed);
    }

    [Fact]
    public void Return_NewerWasCommittedSince_NewerCounts()
    {
        _outbox.BeginCall([Of("a", 5), Of("a", 6), Of("b", 0)]);
        _outbox.Commit("a", 6);
        _outbox.Commit("b", 1);
        _outbox.EndCall();
        var refused = _outbox.Take()!;
        _outbox.Commit("a", 7);

        _outbox.Return(refused);

        var again = _outbox.Take()!;
        Assert.Equal((7, 1), (again.Positions["a"], again.Positions["b"]));
    }

    [Fact]
    public async Task Flush_CommitComes_IsOverThenAndNotBefore()
    {
        _outbox.BeginCall([Of("a", 5)]);
        Send();
        _outbox.Commit("a", 6);
        var flush = _outbox.FlushAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(CommitNeed.Flush, _outbox.Need());
        var pending = _outbox.Take()!;
        Assert.False(flush.IsCompleted);

        _outbox.Done(pending);

        await flush.Soon();
        await _outbox.FlushAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Room_TooManyWait_OpensWithTheirCommit()
    {
        _outbox.BeginCall([Of("a", 5)]);
        Send();
        Send();
        _outbox.Commit("a", 6);
        _outbox.EndCall();
        await _outbox.RoomAsync(3, TestContext.Current.CancellationToken);
        var room = _outbox.RoomAsync(2, TestContext.Current.CancellationToken).AsTask();
        var pending = _outbox.Take()!;
        Assert.False(room.IsCompleted);

        _outbox.Done(pending);

        await room.Soon();
    }

    [Fact]
    public async Task End_WhileInFlight_SettlesOnlyWithItsOutcome()
    {
        _outbox.BeginCall([Of("a", 5), Of("a", 6)]);
        Send();
        _outbox.Commit("a", 6);
        _outbox.EndCall();
        var pending = _outbox.Take()!;
        _outbox.Commit("a", 7);
        var flush = _outbox.FlushAsync(TestContext.Current.CancellationToken).AsTask();

        _outbox.End();
        var settled = _outbox.SettleAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidOperationException>(() => flush);
        Assert.Null(_outbox.Take());
        Assert.Throws<InvalidOperationException>(Send);
        Assert.False(settled.IsCompleted);
        Assert.False(_outbox.IsVoid);
        _outbox.Done(pending);
        await settled.Soon();
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    private static StreamRecord Of(string topic, long offset) => new(topic, 3, offset, null, null, DateTimeOffset.UnixEpoch, []);

    private void Send() => _outbox.Send("out", "k", null, DateTimeOffset.UnixEpoch);
}
