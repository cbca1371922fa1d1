using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Strata.Streaming.Consuming;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Consuming.Polling;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>
/// New clients ask for the group's positions when what the abandoned ones may still commit is decided: read before, they may move on
/// behind their reader, who then does again what was done. Nobody answers here.
/// </summary>
[Trait("height", "unit")]
public sealed class TakeOverTests : IDisposable
{
    private readonly IHost _host;
    private readonly StreamingParts _parts;
    private readonly ConsumerEnvironment _environment;
    private readonly CommitSignal _signal = new();
    private readonly CancellationTokenSource _end = new();
    private readonly PollLoop _poll;

    public TakeOverTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Streaming:BootstrapServers"] = "127.0.0.1:1", ["Streaming:InstanceId"] = "one" });
        builder.Services.AddLogging();
        builder.Services.AddStreaming(builder.Configuration);
        _host = builder.Build();
        _parts = _host.Services.GetRequiredService<StreamingParts>();
        _environment = new ConsumerEnvironment(
            "g", new StreamConsumerOptions(), _parts.Metrics, TimeProvider.System, NullLogger.Instance);
        _poll = new PollLoop(
            _environment,
            ["t"],
            new ConsumerState("g", TimeProvider.System),
            _parts.Clients,
            _parts.Questions,
            new ConcurrentDictionary<int, Task>(),
            (_, _) => throw new InvalidOperationException("nothing is assigned"));
    }

    [Fact]
    public void Run_FirstClients_HaveNothingToDecide()
    {
        var commit = Commit(new TransactionalNames("g", "one"));
        _end.Cancel();

        commit.Run(takesOver: false, _end.Token);

        Assert.True(commit.Decided.IsCompletedSuccessfully);
        commit.Dispose();
    }

    [Fact]
    public async Task Run_TransactionOfAbandonedClientsIsOpen_IsDecidedOnceTheBrokerSaysSo()
    {
        var names = new TransactionalNames("g", "one");
        names.Use();
        var commit = Commit(names);

        var running = Task.Run(() => commit.Run(takesOver: true, _end.Token), TestContext.Current.CancellationToken);
        while (commit.Since is null)
        {
            await Task.Yield();
        }

        Assert.False(commit.Decided.IsCompleted);
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(commit.Decided.IsCompleted);
        commit.Dispose();
    }

    [Fact]
    public async Task Lost_AfterATransaction_IsUndecidedUntilThatIsEnded()
    {
        var names = new TransactionalNames("g", "one");
        var commit = Commit(names);
        var running = Task.Run(() => commit.Run(takesOver: false, _end.Token), TestContext.Current.CancellationToken);
        await commit.Decided;

        commit.Lost();
        Assert.True(commit.Decided.IsCompleted); // nothing was sent that could hang
        names.Use();
        commit.Lost();

        Assert.False(commit.Decided.IsCompleted);
        while (commit.Since is null)
        {
            await Task.Yield();
        }

        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(commit.Decided.IsCompleted);
        commit.Dispose();
    }

    [Fact]
    public async Task Committed_NotDecidedYet_IsNotAsked()
    {
        var decided = new TaskCompletionSource();
        _poll.Decided = () => decided.Task;

        var asked = _poll.CommittedAsync(0, _end.Token);

        Assert.Null(_poll.Asking);
        decided.SetResult();
        while (_poll.Asking is null)
        {
            await Task.Yield();
        }

        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    public void Dispose()
    {
        _end.Dispose();
        _signal.Dispose();
        _poll.Dispose();
        _host.Dispose();
    }

    private CommitLoop Commit(TransactionalNames names)
        => new(_environment, _signal, () => [], _parts.Clients, names, _poll.Consumer, _poll.Any[0]);
}
