namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// Whether the last transaction of clients that are abandoned, or of a membership that was lost, is committed or aborted. Undecided at
/// first; decided by one thread, put in doubt by any.
/// </summary>
internal sealed class Decision
{
    private TaskCompletionSource _made = New();

    /// <summary>Ends when it is decided.</summary>
    public Task Made => Volatile.Read(ref _made).Task;

    public void Make() => _made.TrySetResult();

    /// <summary>True when it was decided and is in doubt now.</summary>
    public bool Doubt()
    {
        var made = Volatile.Read(ref _made);
        return made.Task.IsCompleted && Interlocked.CompareExchange(ref _made, New(), made) == made;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
