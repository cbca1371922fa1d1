using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Optimizer.Outcomes;

/// <summary>
/// Keeps <c>{u:id}:policy</c>. One fence, on the impressions log, is enough for counting once: a user's impressions lie on one partition
/// and are resolved in its order, and events change the counts only through the impression whose outcome they are. A second reading of an
/// impression below the fence changes nothing. Of a forgotten user a mark stays in place of the value, and says that impressions of before
/// say nothing.
/// </summary>
internal sealed class UserPolicyStore(IStateStore store, ForgottenMarks marks, OutcomesOptions options)
{
    private const string Kind = "policy";

    /// <summary>Forgets users, counts the outcomes, oldest impression first, and sets the positions behind them.</summary>
    /// <returns>The outcomes without those of users who were forgotten after they saw the impression.</returns>
    public async ValueTask<IReadOnlyList<ResolvedImpression>> CountAsync(
        IReadOnlyList<ResolvedImpression> resolved,
        IReadOnlyDictionary<string, Forgotten> forgotten,
        ulong log,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        string[] users = [.. resolved.Select(r => r.Impression.UserId).Concat(forgotten.Keys).Distinct(StringComparer.Ordinal)];
        var stored = users.Length == 0
            ? []
            : await store.ReadMessagesAsync([.. users.Select(Keys.UserPolicy)], UserPolicy.Parser, cancellationToken);
        var marked = await marks.ReadAsync(
            Kind, [.. users.Where((user, i) => stored[i].Message is null || forgotten.ContainsKey(user))], cancellationToken);
        var counted = new Dictionary<string, Counted>(users.Length, StringComparer.Ordinal);
        for (var i = 0; i < users.Length; i++)
        {
            counted.Add(users[i], new Counted(stored[i], marked.GetValueOrDefault(users[i])));
        }

        foreach (var (user, when) in forgotten)
        {
            counted[user].Forget(when, log);
        }

        ResolvedImpression[] kept = [.. resolved.Where(outcome => !counted[outcome.Impression.UserId].Covers(outcome))];
        foreach (var outcome in kept)
        {
            counted[outcome.Impression.UserId].Add(outcome, log, options.HalfLife);
        }

        if (forgotten.Count > 0)
        {
            await store.DropSetAsideAsync([.. forgotten.Keys.Select(Keys.UserPolicy)], cancellationToken);
        }

        await store.WriteAsync(
            [.. counted.SelectMany(c => c.Value.Writes(Keys.UserPolicy(c.Key), marks.Lifetime))], positions, cancellationToken);
        return kept;
    }

    private sealed class Counted(Stored<UserPolicy> stored, ForgottenMark? mark)
    {
        private UserPolicy _counts = stored.Message ?? new UserPolicy { Forgotten = mark?.When };
        private Fence _fence = stored.Message is null ? mark?.Stored.Fence() ?? default : stored.Fence();
        private Fence? _markAt;
        private bool _changed;

        public bool Covers(ResolvedImpression outcome) => _counts.Forgotten.Covers(outcome.Impression.TimeUnixMs);

        public void Add(ResolvedImpression outcome, ulong log, TimeSpan halfLife)
        {
            if (_fence.Holds(log, outcome.Impression.Offset))
            {
                return;
            }

            var impression = outcome.Impression;
            UserLayerCounts.Add(_counts, OutcomeExamples.Layers(outcome), impression.RatesOf, impression.TimeUnixMs, halfLife);
            _fence = new Fence(log, impression.Offset + 1);
            _changed = true;
        }

        // Events are read again further back than impressions: what is known already takes nothing from a user who has come back.
        public void Forget(Forgotten when, ulong log)
        {
            if (_counts.Forgotten?.AskedUnixMs >= when.AskedUnixMs)
            {
                return;
            }

            _counts = new UserPolicy { Forgotten = when };
            _markAt = _fence = _fence.Log == log ? _fence : new Fence(log, 0);
            _changed = false;
        }

        public IEnumerable<StateWrite> Writes(string key, TimeSpan markLifetime)
        {
            if (_markAt is { } at)
            {
                yield return ForgottenMarks.Require(mark).Write(_counts.Forgotten, markLifetime, at);
            }

            if (_changed)
            {
                yield return new StateWrite(key, stored.Header, FencedValue.Encode([_fence], _counts));
            }
            else if (_markAt is not null && !stored.Header.IsEmpty)
            {
                yield return new StateWrite(key, stored.Header, null);
            }
        }
    }
}
