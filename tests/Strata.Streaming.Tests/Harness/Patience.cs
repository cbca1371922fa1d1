namespace Strata.Streaming.Tests;

/// <summary>Ends a test that waits for what never comes.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>Waits for a state of another system, which gives no signal.</summary>
    public static async Task UntilAsync(Func<bool> reached, TimeSpan? limit = null)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(limit ?? Limit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!reached())
        {
            await tick.WaitForNextTickAsync(over.Token);
        }
    }
}
