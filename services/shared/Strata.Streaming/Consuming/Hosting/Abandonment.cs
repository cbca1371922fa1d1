namespace Strata.Streaming.Consuming.Hosting;

/// <summary>The order in which clients that stand still are given up.</summary>
internal static class Abandonment
{
    /// <summary>
    /// Closes a client, which spares the next member the wait for this one's session to time out. To close it is to dispose of its handle,
    /// and a callback of the client's own that comes back to a handle that is gone ends the process: so its question about a rebalance is
    /// answered first.
    /// </summary>
    /// <param name="polling">Ends with the thread that polls.</param>
    /// <param name="abandon">Gives up all partitions, so that an answer waits for nothing but handlers that do not end.</param>
    /// <param name="answering">What the thread that polls is answering then, within the drain budget.</param>
    /// <param name="close">Closes the client.</param>
    /// <param name="patience">How long the thread, and then the close, is waited for.</param>
    /// <returns>The close, which may be under way still.</returns>
    public static async Task<Task> CloseAsync(
        Task polling, Action abandon, Func<Task> answering, Action close, TimeSpan patience)
    {
        await Task.WhenAny(polling, Task.Delay(patience));
        if (!polling.IsCompleted)
        {
            abandon();
            await answering();
            await Task.WhenAny(polling, Task.Delay(patience));
        }

        var closing = Task.Run(close, CancellationToken.None);
        await Task.WhenAny(closing, Task.Delay(patience));
        return closing;
    }
}
