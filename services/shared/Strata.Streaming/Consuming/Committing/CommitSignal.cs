namespace Strata.Streaming.Consuming.Committing;

/// <summary>Wakes the commit thread.</summary>
internal sealed class CommitSignal : IDisposable
{
    private readonly AutoResetEvent _event = new(false);

    public void Wake() => _event.Set();

    public void Wait(TimeSpan limit) => _event.WaitOne(limit);

    public void Dispose() => _event.Dispose();
}
