namespace Strata.Streaming.Consuming.Committing;

internal sealed class CommitSignal : IDisposable
{
    private readonly AutoResetEvent _event = new(false);

    public void Wake() => _event.Set();

    public void Wait(TimeSpan limit) => _event.WaitOne(limit);

    public void Dispose() => _event.Dispose();
}
