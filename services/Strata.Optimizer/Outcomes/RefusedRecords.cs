using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Optimizer.Outcomes;

/// <summary>
/// Records that can never succeed, in log order. They become dead letters with the commit that passes them, not before: what a restart
/// reads again is not dead-lettered twice.
/// </summary>
internal sealed class RefusedRecords
{
    private readonly Queue<(StreamRecord Record, string Reason)> _waiting = new();

    public void Add(StreamRecord record, string reason) => _waiting.Enqueue((record, reason));

    /// <summary>Sends those below <paramref name="next"/>.</summary>
    public void Release(long next, PartitionOutput output)
    {
        while (_waiting.TryPeek(out var refused) && refused.Record.Offset < next)
        {
            output.DeadLetter(refused.Record, refused.Reason);
            _waiting.Dequeue();
        }
    }
}
