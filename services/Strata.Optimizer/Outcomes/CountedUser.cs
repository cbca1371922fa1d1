using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Optimizer.Outcomes;

/// <summary>A user's counts while outcomes are added to them; of who was forgotten and has not come back there is a mark only.</summary>
/// <param name="stored">The counts as they are stored.</param>
/// <param name="mark">What stands, or may come to stand, in their place; null: it was not looked at.</param>
internal sealed class CountedUser(Stored<UserPolicy> stored, ForgottenMark? mark)
{
    private UserPolicy _counts = stored.Message ?? new UserPolicy { Forgotten = mark?.When };
    private Fence _fence = stored.Message is null ? mark?.Stored.Fence() ?? default : stored.Fence();
    private Fence _events = stored.Fence(1); // only what came late moves it
    private Fence? _markAt;
    private bool _changed;
    private bool _left;

    /// <summary>Offset of the newest order that something is kept of; null: nothing is.</summary>
    public long? LastHandedOver => _counts.HandedOver is [.., var last] ? last.Offset : null;

    // Nothing is counted: what was shown may be of no layer, or all of it chosen, or in no arm of an experiment.
    private bool IsEmpty
        => _counts.LayerIds.Count == 0 && _counts.PassedOver.Count == 0 && _counts.Arms.Count == 0 && _counts.Settled.Count == 0;

    /// <summary>The user was forgotten after they saw it.</summary>
    public bool Covers(OpenImpression impression)
        => impression.HandOver is null
            && _counts.Forgotten.Covers(
                Math.Max(impression.TimeUnixMs, impression.ServedUnixMs),
                impression.ServedUnixMs > 0 ? impression.ServedUnixMs : null);

    /// <summary>Counts an outcome, once; what it changed in the arms of experiments.</summary>
    public IEnumerable<ArmChange> Add(ResolvedImpression outcome, ulong log, OutcomesOptions options)
    {
        if (_fence.Holds(log, outcome.Impression.Offset))
        {
            return [];
        }

        var impression = outcome.Impression;
        UserLayerCounts.Add(_counts, OutcomeExamples.Layers(outcome), impression.RatesOf, impression.TimeUnixMs, options.HalfLife);
        PassedOverCounts.Add(_counts, outcome, options);
        Reach(log, impression.Offset);
        SettledSlates.Add(_counts, outcome, options);
        _left = false;
        return UserArms.Add(_counts, outcome);
    }

    /// <summary>The request of this impression was settled already, by another record.</summary>
    public bool Repeats(OpenImpression impression, ulong log)
        => impression.HandOver is null && SettledAt(impression.RequestId, log) is { } offset && offset != impression.Offset;

    /// <summary>Where the slate of a request lies that was settled; null: it is not known, or no longer.</summary>
    public long? SettledAt(string requestId, ulong log) => _fence.Log == log ? SettledSlates.Of(_counts, requestId)?.Offset : null;

    /// <summary>Counts what was chosen after its slate was settled, once; null: it was counted by another event, or cannot be.</summary>
    public LateOutcome? Choose(OpenImpression slate, HeldEvent act, ulong eventsLog, OutcomesOptions options)
    {
        var index = slate.IndexOf(act.ItemId);
        if (index < 0
            || slate.ElapsedAt(act.TimeUnixMs) > options.LateWindow.TotalMilliseconds
            || SettledSlates.Of(_counts, act.RequestId) is not { } settled
            || SettledSlates.WasDismissed(settled, index))
        {
            return null;
        }

        int[] chosen = [.. SettledSlates.ChosenOf(settled)];
        if (chosen.Contains(index))
        {
            return settled.Late.Any(late => late.EventOffset == act.Offset) ? new LateOutcome(slate, index, act.Offset, chosen) : null;
        }

        settled.Late.Add(new SettledSlate.Types.LateChoice { Index = (uint)index, EventOffset = act.Offset });
        var outcome = new LateOutcome(slate, index, act.Offset, [.. chosen.Append(index).Order()]);
        UserLayerCounts.Add(_counts, [OutcomeExamples.LayerOf(outcome)], slate.RatesOf, slate.TimeUnixMs, options.HalfLife);
        PassedOverCounts.Choose(_counts, act.ItemId, options);
        (_events, _changed) = (new Fence(eventsLog, act.Offset + 1), true);
        return outcome;
    }

    /// <summary>Gives the counts away, or says again what was; null: there is nothing.</summary>
    /// <param name="order">The order.</param>
    /// <param name="log">Its log.</param>
    /// <param name="sentTo">What orders below this offset lead to is in the topic already.</param>
    public HandOver? HandOver(OpenImpression order, ulong log, long sentTo)
    {
        if (_fence.Holds(log, order.Offset))
        {
            return order.Offset < sentTo ? null : _counts.HandedOver.FirstOrDefault(handed => handed.Offset == order.Offset)?.Sent;
        }

        if (stored.Message is null && !_changed)
        {
            return null;
        }

        Reach(log, order.Offset);
        _left = true;
        if (IsEmpty)
        {
            return null;
        }

        var (kept, sent) = (_counts.HandedOver.ToArray(), order.HandOver!.Clone());
        _counts.HandedOver.Clear();
        _counts.Settled.Clear(); // they lie in a log of this name
        (sent.FromUserId, sent.Policy) = (order.UserId, _counts);
        _counts = new UserPolicy { Forgotten = _counts.Forgotten, HandedOver = { kept } };
        if (order.Offset < sentTo)
        {
            return null;
        }

        _counts.HandedOver.Add(new HandedOver { Offset = order.Offset, Sent = sent });
        return sent;
    }

    /// <summary>Adds what was handed over, once, unless it is of before the user was forgotten.</summary>
    public void TakeOver(OpenImpression arrived, ulong log, OutcomesOptions options)
    {
        var (handed, taken) = (arrived.HandOver!, arrived.HandOver!.Policy);
        if (_fence.Holds(log, arrived.Offset) || _counts.Forgotten.Covers(handed, taken.Forgotten))
        {
            return;
        }

        UserLayerCounts.Merge(_counts, taken, options.HalfLife);
        PassedOverCounts.Merge(_counts, taken, options);
        UserArms.Merge(_counts, taken);
        if (handed.SameUser && taken.Forgotten is { } forgotten && !(_counts.Forgotten?.AskedUnixMs >= forgotten.AskedUnixMs))
        {
            _counts.Forgotten = forgotten;
        }

        Reach(log, arrived.Offset);
        _left = false;
    }

    /// <summary>What was handed over has arrived.</summary>
    public CountedUser LetGo()
    {
        _changed = _counts.HandedOver.Count > 0;
        _counts.HandedOver.Clear();
        _left = true;
        return this;
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

    /// <summary>The writes that store what was changed.</summary>
    public IEnumerable<StateWrite> Writes(string key, TimeSpan markLifetime)
    {
        if (_markAt is { } at)
        {
            yield return ForgottenMarks.Require(mark).Write(_counts.Forgotten, markLifetime, at);
        }

        if (_changed)
        {
            // Of what was handed over fences stay, as long as a record of before may be read again.
            TimeSpan? lifetime = _left && IsEmpty ? markLifetime : null;
            Fence[] fences = _events == default ? [_fence] : [_fence, _events];
            yield return new StateWrite(key, stored.Header, FencedValue.Encode(fences, _counts), lifetime);
        }
        else if (_markAt is not null && !stored.Header.IsEmpty)
        {
            yield return new StateWrite(key, stored.Header, null);
        }
    }

    private void Reach(ulong log, long offset)
    {
        if (_fence.Log != log)
        {
            _counts.Settled.Clear();
        }

        (_fence, _changed) = (new Fence(log, offset + 1), true);
    }
}
