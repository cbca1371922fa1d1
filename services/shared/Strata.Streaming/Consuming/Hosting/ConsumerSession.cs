using System.Collections.Concurrent;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Consuming.Partitions;
using Strata.Streaming.Consuming.Polling;

namespace Strata.Streaming.Consuming.Hosting;

/// <summary>What the sessions of one consumer share.</summary>
/// <param name="Parts">What every consumer is made of.</param>
/// <param name="Environment">What all parts of this one know.</param>
/// <param name="Handlers">Makes its handlers.</param>
/// <param name="State">Its health.</param>
/// <param name="Names">Its transactional id.</param>
/// <param name="Signal">Wakes its commit thread.</param>
/// <param name="Fatal">Ends the host.</param>
internal sealed record ConsumerParts(
    StreamingParts Parts,
    ConsumerEnvironment Environment,
    PartitionHandlers Handlers,
    ConsumerState State,
    TransactionalNames Names,
    CommitSignal Signal,
    Action<Exception> Fatal)
{
    /// <summary>By partition number the end of its last runner: two handlers of one partition never live side by side.</summary>
    public ConcurrentDictionary<int, Task> Predecessors { get; } = new();
}

/// <summary>
/// One set of Kafka clients and the threads that use them: from joining the group until the host stops, or until they stand still and are
/// abandoned. A thread that does not come back from its client is left behind with it: nothing that it still does can be committed, since
/// its partitions are void, its membership is over and its transactional id is taken over.
/// </summary>
internal sealed class ConsumerSession(ConsumerParts own, bool takesOver)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private ConsumerEnvironment Environment => own.Environment;

    /// <summary>Null when the host stops; else what stood still.</summary>
    /// <param name="stopping">Ends the session in good order, within the drain budget.</param>
    /// <param name="hard">Ends that as well.</param>
    public async Task<string?> RunAsync(CancellationTokenSource stopping, CancellationTokenSource hard)
    {
        var abandon = new CancellationTokenSource();
        var away = new AwayFaults(own.Parts.Dependencies);
        var restart = PartitionRestarts.Pipeline(Environment);
        var poll = new PollLoop(
            Environment,
            own.Handlers.Topics,
            own.State,
            own.Parts.Clients,
            own.Parts.Questions,
            own.Predecessors,
            (port, number) => new PartitionRunner(
                Environment, own.Handlers, restart, away, own.Signal, port, number, own.Fatal));
        own.State.Failing = () => poll.Runners.Count(runner => runner.Failing);
        var commit = new CommitLoop(
            Environment, own.Signal, () => poll.Runners, own.Parts.Clients, own.Names, poll.Consumer, poll.Any[0]);
        poll.Decided = () => commit.Decided;
        poll.MembershipLost = commit.Lost;
        var commitEnd = CancellationTokenSource.CreateLinkedTokenSource(hard.Token, abandon.Token);
        var pollEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, abandon.Token);
        var committing = DedicatedThread.RunAsync($"commit {Environment.Group}", () => Commit(commit, commitEnd.Token));
        var polling = DedicatedThread.RunAsync($"poll {Environment.Group}", () => Poll(poll, commitEnd, pollEnd.Token, abandon.Token));

        // When this session is over, whoever ends last closes: a client must not go while a thread is inside it.
        var over = Task.WhenAny(polling, committing);
        var stall = await new StallWatch(Environment, own.Parts.Ends, poll, commit).WatchAsync(over, own.State.Works);
        if (stall is not null)
        {
            await abandon.CancelAsync();
            own.Signal.Wake();
            await AbandonAsync(poll, polling, committing);
            return stall;
        }

        if (committing.IsFaulted)
        {
            // Nothing can be drained without it.
            await hard.CancelAsync();
            await stopping.CancelAsync();
        }

        await LeaveAsync(poll, Task.WhenAll(polling, committing), hard.Token);
        Environment.Logger.ConsumerClosed(Environment.Group);
        return null;
    }

    private void Poll(PollLoop poll, CancellationTokenSource commitEnd, CancellationToken end, CancellationToken abandoned)
    {
        try
        {
            poll.Run(end);
        }
        finally
        {
            // The order in which the budget is spent: drain and commit, then end the committer, then leave the group.
            poll.GiveUp(abandoned.IsCancellationRequested ? TimeSpan.Zero : Environment.Options.DrainBudget, commitEnd.Token);
            commitEnd.Cancel();
            own.Signal.Wake();
        }
    }

    private void Commit(CommitLoop commit, CancellationToken end)
    {
        using (commit)
        {
            commit.Run(takesOver, end);
        }
    }

    /// <summary>Ends in good order; a thread that is held by its client longer than the host has time is left behind.</summary>
    private static async Task LeaveAsync(PollLoop poll, Task threads, CancellationToken hard)
    {
        await Task.WhenAny(threads, HardEndAsync(hard));
        if (!threads.IsCompleted)
        {
            Forget(poll, threads);
            return;
        }

        await threads;
        var closing = Task.Run(poll.Consumer.Close, CancellationToken.None);
        await Task.WhenAny(closing, HardEndAsync(hard));
        Forget(poll, closing);
    }

    private static async Task HardEndAsync(CancellationToken hard)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, hard).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(LastWords, CancellationToken.None);
    }

    private static async Task AbandonAsync(PollLoop poll, Task polling, Task committing)
    {
        var closing = await Abandonment.CloseAsync(polling, poll.Abandon, () => poll.Answering, poll.Consumer.Close, LastWords);
        Forget(poll, Task.WhenAll(closing, polling, committing));
    }

    // What the threads of an abandoned session still meet concerns nobody.
    private static void Forget(PollLoop poll, Task last)
        => _ = last.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                poll.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
}
