namespace Strata.Streaming.Connecting;

/// <summary>Runs what blocks for the life of the process on a thread of its own, not on the pool's.</summary>
internal static class DedicatedThread
{
    public static Task RunAsync(string name, Action body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                body();
                done.SetResult();
            }
            catch (OperationCanceledException fault)
            {
                done.SetCanceled(fault.CancellationToken);
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return done.Task;
    }
}
