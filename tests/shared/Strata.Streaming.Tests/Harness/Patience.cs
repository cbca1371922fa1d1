namespace Strata.Streaming.Tests.Harness;

/// <summary>Ends a test that waits for what never comes.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(20);

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

    /// <summary>
    /// The same where looking may hang, as a client does now and then on a broker that was killed: then it is looked at anew.
    /// </summary>
    public static async Task UntilAnsweredAsync(Func<bool> reached, TimeSpan limit)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(limit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AskAsync())
        {
            await tick.WaitForNextTickAsync(over.Token);
        }

        async Task<bool> AskAsync()
        {
            try
            {
                return await Task.Run(reached).WaitAsync(LookLimit, over.Token);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}
