using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;

namespace Strata.Optimizer.Outcomes;

/// <summary>
/// Keeps <c>experiment:…</c>, what the users of one partition did by arm. Each value has a fence on the impressions log, and is written
/// before the users' own counts: a crash in between leaves users behind it, who are counted again and whose changes it has already. The
/// other way round what they changed would be lost. Nothing seals that write, so the one that writes the users and the positions writes it
/// again: a store that dies in between, and comes back without its last second, would otherwise have the users and not their arms.
/// </summary>
internal sealed class ArmOutcomesStore(IStateStore store, int partition)
{
    /// <summary>Adds what impressions changed.</summary>
    /// <param name="changes">In the order of the log.</param>
    /// <param name="log">The impressions log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was written; written again, it changes nothing.</returns>
    public async ValueTask<IReadOnlyList<StateWrite>> AddAsync(
        IReadOnlyList<ArmChange> changes, ulong log, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        var byKey = changes.GroupBy(change => Keys.ArmOutcomes(change.After.Arm.Experiment, change.After.Arm.Arm, partition)).ToList();
        var stored = await store.ReadMessagesAsync([.. byKey.Select(arm => arm.Key)], ArmOutcomes.Parser, cancellationToken);
        var writes = new List<StateWrite>(byKey.Count);
        foreach (var (arm, held) in byKey.Zip(stored))
        {
            ArmChange[] fresh = [.. arm.Where(change => !held.Fence().Holds(log, change.Impression.Offset))];
            if (fresh.Length > 0)
            {
                var sums = held.Message ?? new ArmOutcomes();
                ArmSums.Add(sums, fresh);
                var fence = new Fence(log, fresh[^1].Impression.Offset + 1);
                writes.Add(new StateWrite(arm.Key, held.Header, FencedValue.Encode([fence], sums)));
            }
        }

        if (writes.Count > 0)
        {
            await store.WriteAsync(writes, [], cancellationToken);
        }

        return writes;
    }
}
