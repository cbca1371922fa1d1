using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Tables;

namespace Strata.Optimizer.Outcomes;

/// <summary>
/// Keeps <c>{u:id}:policy</c>. One fence, on the impressions log, is enough for counting once: a user's impressions lie on one partition
/// and are resolved in its order, and events change the counts only through the impression whose outcome they are. A second reading of an
/// impression below the fence changes nothing. Only what comes after its slate was settled is counted by itself: the slate, which is read
/// again from its log, keeps which event it was. Of a forgotten user a mark stays in place of the value, and says that impressions of
/// before say nothing.
/// </summary>
internal sealed class UserPolicyStore(
    IStateStore store, ForgottenMarks marks, IPartitionReader impressions, OutcomesOptions options, int partition)
{
    private const string Kind = "policy";

    // Users let go in one call.
    private const int AtOnce = 256;

    private readonly ArmOutcomesStore _arms = new(store, partition);

    // By user who handed over: offset of the newest order.
    private readonly Dictionary<string, long> _handedOver = new(StringComparer.Ordinal);

    /// <summary>
    /// Forgets users, counts the outcomes, oldest impression first, then what came late, and sets the positions behind them.
    /// </summary>
    /// <returns>The outcomes without those of users who were forgotten after they saw the impression.</returns>
    public async ValueTask<CountedOutcomes> CountAsync(
        IReadOnlyList<ResolvedImpression> resolved,
        IReadOnlyList<HeldEvent> late,
        IReadOnlyDictionary<string, Forgotten> forgotten,
        IReadOnlyDictionary<string, ulong> logs,
        long sentTo,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        var log = logs[Topics.Impressions];
        string[] users =
        [
            .. resolved.Select(r => r.Impression.UserId).Concat(late.Select(act => act.UserId)).Concat(forgotten.Keys)
                .Distinct(StringComparer.Ordinal),
        ];
        var stored = users.Length == 0
            ? []
            : await store.ReadMessagesAsync([.. users.Select(Keys.UserPolicy)], UserPolicy.Parser, cancellationToken);
        var marked = await marks.ReadAsync(
            Kind, [.. users.Where((user, i) => stored[i].Message is null || forgotten.ContainsKey(user))], cancellationToken);
        var counted = new Dictionary<string, CountedUser>(users.Length, StringComparer.Ordinal);
        for (var i = 0; i < users.Length; i++)
        {
            var user = new CountedUser(stored[i], marked.GetValueOrDefault(users[i]));
            counted.Add(users[i], user);
            if (user.LastHandedOver is { } last)
            {
                // Of a process before this one, that did not come to let it go.
                _handedOver.TryAdd(users[i], last);
            }
        }

        foreach (var (user, when) in forgotten)
        {
            counted[user].Forget(when, log);
        }

        ResolvedImpression[] kept =
        [
            .. resolved.Where(outcome => counted[outcome.Impression.UserId] is var user
                && !user.Covers(outcome.Impression) && !user.Repeats(outcome.Impression, log)),
        ];
        var (handedOver, arms) = (new List<Impression>(), new List<ArmChange>());
        foreach (var outcome in kept)
        {
            var (impression, user) = (outcome.Impression, counted[outcome.Impression.UserId]);
            if (impression.HandOver is null)
            {
                arms.AddRange(user.Add(outcome, log, options));
            }
            else if (impression.HandOver.Policy is not null)
            {
                user.TakeOver(impression, log, options);
            }
            else if (user.HandOver(impression, log, sentTo) is { } sent)
            {
                _handedOver[impression.UserId] = impression.Offset;
                handedOver.Add(new Impression { UserId = sent.ToUserId, TimeUnixMs = impression.TimeUnixMs, HandOver = sent });
            }
        }

        var corrected = await CorrectAsync(late, counted, logs, cancellationToken);
        if (forgotten.Count > 0)
        {
            await store.DropSetAsideAsync([.. forgotten.Keys.Select(Keys.UserPolicy)], cancellationToken);
        }

        var ofArms = await _arms.AddAsync(arms, log, cancellationToken);
        var ofUsers = counted.SelectMany(c => c.Value.Writes(Keys.UserPolicy(c.Key), marks.Lifetime));
        await store.WriteAsync([.. ofArms, .. ofUsers], positions, cancellationToken);
        return new CountedOutcomes([.. kept.Where(outcome => outcome.Impression.HandOver is null)], corrected, handedOver);
    }

    private async ValueTask<IReadOnlyList<LateOutcome>> CorrectAsync(
        IReadOnlyList<HeldEvent> late,
        Dictionary<string, CountedUser> counted,
        IReadOnlyDictionary<string, ulong> logs,
        CancellationToken cancellationToken)
    {
        var found = late.Select(act => (Act: act, At: counted[act.UserId].SettledAt(act.RequestId, logs[Topics.Impressions])))
            .Where(entry => entry.At is not null).ToList();
        if (found.Count == 0)
        {
            return [];
        }

        var corrected = new List<LateOutcome>();
        var records = await impressions.ReadAtAsync(
            Topics.Impressions, partition, [.. found.Select(entry => entry.At!.Value).Distinct()], cancellationToken);
        foreach (var (act, at) in found)
        {
            // One that retention has taken, or that lies elsewhere by now, corrects nothing.
            if (records.TryGetValue(at!.Value, out var record)
                && record.TryParse(Impression.Parser, out var impression, out _)
                && OpenImpression.TryMake(impression, record.Key, record.Offset, 0, out var slate, out _)
                && act.Names(slate)
                && counted[act.UserId].Choose(slate, act, logs[Topics.Events], options) is { } outcome)
            {
                corrected.Add(outcome);
            }
        }

        return corrected;
    }

    /// <summary>What was handed over and has arrived is not kept any longer.</summary>
    /// <param name="committed">What lies below this offset of the impressions is safe.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask LetGoAsync(long committed, CancellationToken cancellationToken)
    {
        string[] safe = [.. _handedOver.Where(handed => handed.Value < committed).Select(handed => handed.Key).Take(AtOnce)];
        if (safe.Length == 0)
        {
            return;
        }

        var stored = await store.ReadMessagesAsync([.. safe.Select(Keys.UserPolicy)], UserPolicy.Parser, cancellationToken);
        await store.WriteAsync(
            [
                .. safe.Zip(stored, (user, value) => (user, Counted: new CountedUser(value, null)))
                    .SelectMany(entry => entry.Counted.LetGo().Writes(Keys.UserPolicy(entry.user), marks.Lifetime)),
            ],
            [],
            cancellationToken);
        foreach (var user in safe)
        {
            _handedOver.Remove(user);
        }
    }
}

/// <summary>What came of resolved impressions.</summary>
/// <param name="Outcomes">Those of slates.</param>
/// <param name="Late">What was chosen after its slate was settled, in the order of the events.</param>
/// <param name="HandedOver">What was handed over, each under the name that takes over.</param>
internal sealed record CountedOutcomes(
    IReadOnlyList<ResolvedImpression> Outcomes, IReadOnlyList<LateOutcome> Late, IReadOnlyList<Impression> HandedOver);
