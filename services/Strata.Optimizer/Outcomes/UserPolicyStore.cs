using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;

namespace Strata.Optimizer.Outcomes;

/// <summary>
/// Keeps <c>{u:id}:policy</c>. One fence, on the impressions log, is enough for counting once: a user's impressions lie on one partition
/// and are resolved in its order, and events change the counts only through the impression whose outcome they are. A second reading of an
/// impression below the fence changes nothing.
/// </summary>
internal sealed class UserPolicyStore(IStateStore store, OutcomesOptions options)
{
    /// <summary>Counts the outcomes, oldest impression first, and sets the positions behind them.</summary>
    public async ValueTask CountAsync(
        IReadOnlyList<ResolvedImpression> resolved,
        ulong log,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        var users = resolved.Select(r => r.Impression.UserId).Distinct(StringComparer.Ordinal).ToArray();
        var stored = users.Length == 0
            ? []
            : await store.ReadMessagesAsync([.. users.Select(Keys.UserPolicy)], UserPolicy.Parser, cancellationToken);
        var counted = new Dictionary<string, Counted>(users.Length, StringComparer.Ordinal);
        for (var i = 0; i < users.Length; i++)
        {
            counted.Add(users[i], new Counted(stored[i]));
        }

        foreach (var outcome in resolved)
        {
            counted[outcome.Impression.UserId].Add(outcome, log, options.HalfLife);
        }

        await store.WriteAsync(
            [.. counted.Where(c => c.Value.Changed).Select(c => c.Value.Write(Keys.UserPolicy(c.Key)))], positions, cancellationToken);
    }

    private sealed class Counted(Stored<UserPolicy> stored)
    {
        private readonly UserPolicy _counts = stored.Message ?? new UserPolicy();
        private Fence _fence = stored.Fence();

        public bool Changed { get; private set; }

        public void Add(ResolvedImpression outcome, ulong log, TimeSpan halfLife)
        {
            if (_fence.Holds(log, outcome.Impression.Offset))
            {
                return;
            }

            UserLayerCounts.Add(_counts, OutcomeExamples.Layers(outcome), outcome.Impression.TimeUnixMs, halfLife);
            _fence = new Fence(log, outcome.Impression.Offset + 1);
            Changed = true;
        }

        public StateWrite Write(string key) => new(key, stored.Header, FencedValue.Encode([_fence], _counts.ToByteArray()));
    }
}
