using Strata.Streaming.Consuming.Hosting;

namespace Strata.Streaming.Tests.Consuming.Hosting;

[Trait("height", "unit")]
public sealed class AbandonmentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _polling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Close_WithinARebalance_WaitsForItsAnswer()
    {
        var closing = CloseAsync();

        await _abandoned.Task;
        await Task.WhenAny(_closed.Task, Task.Delay(5 * Patience, TestContext.Current.CancellationToken));
        var before = _closed.Task.IsCompleted;
        _answering.SetResult();
        await await closing;

        Assert.Equal((false, true), (before, _closed.Task.IsCompleted));
    }

    [Fact]
    public async Task Close_ThreadIsHeldByTheClient_DoesNotWaitForIt()
    {
        _answering.SetResult();

        await await CloseAsync();

        Assert.Equal((true, true), (_abandoned.Task.IsCompleted, _closed.Task.IsCompleted));
    }

    [Fact]
    public async Task Close_ThreadHasEnded_AbandonsNothing()
    {
        _polling.SetResult();

        await await CloseAsync();

        Assert.Equal((false, true), (_abandoned.Task.IsCompleted, _closed.Task.IsCompleted));
    }

    private Task<Task> CloseAsync()
        => Abandonment.CloseAsync(_polling.Task, _abandoned.SetResult, () => _answering.Task, _closed.SetResult, Patience);
}
