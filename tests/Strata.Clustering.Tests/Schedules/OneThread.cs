using System.Runtime.ExceptionServices;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>
/// Runs asynchronous code on the thread that asks for it: continuations wait in a queue until they are pumped, so a seed alone decides what
/// happens in which order.
/// </summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Call, object? State)> _queue = new();

    public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts <paramref name="work"/> and goes on with whatever can go on.</summary>
    public Task Run(Func<Task> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = work();
            Pump();
            return task;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs <paramref name="work"/> to its end; it must not wait for what comes later.</summary>
    public void Finish(Func<Task> work)
    {
        var task = Run(work);
        if (task.Exception is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault.InnerException!);
        }

        Assert.True(task.IsCompletedSuccessfully, "a step waits for something that no other step will do");
    }

    private void Pump()
    {
        while (_queue.TryDequeue(out var next))
        {
            next.Call(next.State);
        }
    }
}
