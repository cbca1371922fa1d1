namespace Strata.Streaming.Consuming.Committing;

/// <summary>Who waits until which commit is done. Not thread-safe: its owner locks.</summary>
internal sealed class FlushWaits
{
    private readonly List<(long Version, TaskCompletionSource Done)> _waits = [];

    public bool Any => _waits.Count > 0;

    public Task Add(long version)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Add((version, done));
        return done.Task;
    }

    public void Release(long version)
    {
        foreach (var wait in _waits.Where(wait => wait.Version <= version))
        {
            wait.Done.TrySetResult();
        }

        _waits.RemoveAll(wait => wait.Version <= version);
    }

    public void Fail(Exception fault)
    {
        _waits.ForEach(wait => wait.Done.TrySetException(fault));
        _waits.Clear();
    }
}
