using Strata.Contracts.Events.V1;
using Strata.Numerics;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// The unresolved impressions of one partition and the events that may be their outcomes. Impressions are resolved in the order of their
/// log, each once its window is over by event time, or by the time since it was read where events stand still, or early when memory is
/// short. Pure: times come in as arguments.
/// <para>What is kept is exactly what a restart must read again: <see cref="OldestImpression"/> and <see cref="OldestEvent"/>.</para>
/// </summary>
internal sealed class ImpressionJoin(OutcomesOptions options)
{
    private readonly Queue<OpenImpression> _open = new();
    private readonly Dictionary<string, UserWindow> _users = new(StringComparer.Ordinal);
    private readonly SortedSet<long> _heldOffsets = [];
    private readonly Queue<HeldEvent> _undecided = new();

    // By user: nobody's clock closes what is still running for others.
    private readonly StreamClock<string> _eventClock = new();
    private readonly StreamClock<string> _impressionClock = new();
    private int _orders; // to hand over: they have their places in the log too, and count against no bound of slates

    /// <summary>Events kept: once <see cref="Resolve"/> is through, at most the bound.</summary>
    public int Held => _heldOffsets.Count;

    /// <summary>Offset of the oldest unresolved impression.</summary>
    public long? OldestImpression => _open.TryPeek(out var oldest) ? oldest.Offset : null;

    /// <summary>Offset of the oldest event that an unresolved or still unread impression may claim.</summary>
    public long? OldestEvent => _heldOffsets.Count > 0 ? _heldOffsets.Min : null;

    /// <summary>Impressions resolved before their time, since the start.</summary>
    public long Early { get; private set; }

    /// <summary>Events of which no impression that was read and waits here is the one they name.</summary>
    public LateActs Late { get; } = new(options.MaxEvents);

    /// <summary>Takes an impression, unless the same request waits already or its user has too many waiting.</summary>
    public Admission Add(OpenImpression impression)
    {
        if (impression.HandOver is not null)
        {
            _orders++;
            _open.Enqueue(impression);
            return Admission.Waiting;
        }

        _impressionClock.Advance(impression.UserId, impression.TimeUnixMs);
        var user = UserOf(impression.UserId);
        if (user.Open.Exists(other => other.RequestId == impression.RequestId))
        {
            return Admission.Duplicate;
        }

        if (user.Open.Count >= options.MaxPerUser)
        {
            return Admission.Crowded;
        }

        user.Open.Add(impression);
        _open.Enqueue(impression);
        return Admission.Waiting;
    }

    /// <summary>Takes an event and moves the partition's event time on.</summary>
    public void Add(UserEvent act, long offset, long timeUnixMs, long nowMs)
    {
        // An event from the future must not close what is still running.
        var received = act.ReceivedTime is { } time ? time.ToDateTimeOffset().ToUnixTimeMilliseconds() : long.MaxValue;
        _eventClock.Advance(act.UserId, Math.Min(timeUnixMs, received));
        if (act.ItemId.Length == 0 || !Attribution.Decides(act.Kind) || !_heldOffsets.Add(offset))
        {
            return;
        }

        var held = new HeldEvent
        {
            Offset = offset,
            UserId = act.UserId,
            ItemId = act.ItemId,
            RequestId = act.RequestId,
            Dismisses = act.Kind == EventKind.Dismiss,
            TimeUnixMs = timeUnixMs,
            ArrivedMs = nowMs,
        };
        UserOf(act.UserId).Acts.Add(held);
        _undecided.Enqueue(held);
    }

    /// <summary>
    /// Forgets a user: none of their impressions waits any longer, and none of their acts counts. Ones that are still unread are the
    /// caller's matter.
    /// </summary>
    public void Forget(string userId)
    {
        Late.Forget(userId);
        if (!_users.Remove(userId, out var user))
        {
            return;
        }

        user.Acts.ForEach(act => _heldOffsets.Remove(act.Offset));
        Drop(_open, impression => impression.UserId == userId && impression.HandOver is null);
        Drop(_undecided, act => act.UserId == userId);

        static void Drop<T>(Queue<T> queue, Func<T, bool> gone)
        {
            T[] kept = [.. queue.Where(entry => !gone(entry))];
            queue.Clear();
            foreach (var entry in kept)
            {
                queue.Enqueue(entry);
            }
        }
    }

    /// <summary>Resolves all impressions whose time has come, oldest first, and lets go of events that none can claim any more.</summary>
    public IReadOnlyList<ResolvedImpression> Resolve(long nowMs)
    {
        var resolved = new List<ResolvedImpression>();
        while (_open.TryPeek(out var head) && IsOver(head, nowMs))
        {
            resolved.Add(ResolveHead());
        }

        while (_open.Count - _orders > options.MaxImpressions)
        {
            resolved.Add(ResolveHead());
            Early++;
        }

        Decide(nowMs, keep: int.MaxValue);
        if (_heldOffsets.Count > options.MaxEvents)
        {
            Decide(nowMs, options.MaxEvents);
        }

        while (_heldOffsets.Count > options.MaxEvents && _open.Count > 0)
        {
            resolved.Add(ResolveHead());
            Early++;
        }

        return resolved;
    }

    private bool IsOver(OpenImpression impression, long nowMs)
    {
        var wait = (long)(options.Window + options.Lateness).TotalMilliseconds;
        return impression.HandOver is not null || nowMs >= impression.ArrivedMs + wait || impression.IsOver(_eventClock.NowMs, wait);
    }

    private ResolvedImpression ResolveHead()
    {
        var impression = _open.Dequeue();
        if (impression.HandOver is not null)
        {
            _orders--;
            return new ResolvedImpression(impression, []);
        }

        var user = _users[impression.UserId];
        var acts = user.Acts.FindAll(act => Attribution.Belongs(impression, act, user.Open, options));
        acts.ForEach(act => act.Taken = true);
        user.Open.Remove(impression);
        foreach (var act in user.Acts.FindAll(act => act.Decided && !IsClaimed(act, user)))
        {
            LetGo(act, user);
        }

        Forget(impression.UserId, user);
        return Attribution.Choose(impression, acts);
    }

    /// <summary>
    /// Looks once at each event whose impression must have been read by now: kept only if one claims it. Events past
    /// <paramref name="keep"/> are looked at before that.
    /// </summary>
    private void Decide(long nowMs, int keep)
    {
        while (_undecided.TryPeek(out var act)
            && (_heldOffsets.Count > keep
                || _impressionClock.NowMs > act.TimeUnixMs + options.Lateness.TotalMilliseconds
                || nowMs >= act.ArrivedMs + options.EventHold.TotalMilliseconds))
        {
            _undecided.Dequeue();
            var user = _users[act.UserId];
            act.Decided = IsClaimed(act, user);
            if (!act.Decided)
            {
                LetGo(act, user);
                Forget(act.UserId, user);
            }
        }
    }

    // One that comes too late for the slate it names waits until that is settled: it may correct it.
    private bool IsClaimed(HeldEvent act, UserWindow user)
        => user.Open.Exists(impression => act.Names(impression) || Attribution.Belongs(impression, act, user.Open, options));

    private void LetGo(HeldEvent act, UserWindow user)
    {
        user.Acts.Remove(act);
        _heldOffsets.Remove(act.Offset);
        if (act is { Taken: false, Dismisses: false, RequestId.Length: > 0 })
        {
            Late.Add(act);
        }
    }

    private UserWindow UserOf(string userId)
    {
        if (!_users.TryGetValue(userId, out var user))
        {
            user = new UserWindow();
            _users.Add(userId, user);
        }

        return user;
    }

    private void Forget(string userId, UserWindow user)
    {
        if (user.Open.Count == 0 && user.Acts.Count == 0)
        {
            _users.Remove(userId);
        }
    }

    private sealed class UserWindow
    {
        public List<OpenImpression> Open { get; } = [];

        public List<HeldEvent> Acts { get; } = [];
    }
}

/// <summary>Whether an impression waits for its outcome.</summary>
internal enum Admission
{
    Waiting,

    /// <summary>The request waits already.</summary>
    Duplicate,

    /// <summary>The user has as many waiting as nobody can look at: it is not learned from.</summary>
    Crowded,
}
