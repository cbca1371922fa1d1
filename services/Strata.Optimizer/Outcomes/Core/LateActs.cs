namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// Acts that name a slate which does not wait any longer, by their places in the log. They are given out once everything before them is
/// committed with them: what comes of them leaves in the same transaction, so a restart neither loses nor repeats it.
/// </summary>
/// <param name="most">Acts kept; of more the newest are let go.</param>
internal sealed class LateActs(int most)
{
    /// <summary>Acts of one user that are kept: more than the slates that are remembered of them are likely to lead to.</summary>
    public const int MostOfUser = 100;

    private readonly SortedSet<HeldEvent> _acts = new(Comparer<HeldEvent>.Create((one, other) => one.Offset.CompareTo(other.Offset)));
    private readonly Dictionary<string, int> _ofUsers = new(StringComparer.Ordinal);

    /// <summary>Acts that came to nothing because too many waited, since the start.</summary>
    public long LetGo { get; private set; }

    /// <summary>Offset of the first that waits; null: none does.</summary>
    public long? Oldest => _acts.Min?.Offset;

    /// <summary>Takes an act, unless its user has too many waiting already.</summary>
    public void Add(HeldEvent act)
    {
        if (_ofUsers.GetValueOrDefault(act.UserId) >= MostOfUser)
        {
            LetGo++;
            return;
        }

        if (_acts.Add(act))
        {
            _ofUsers[act.UserId] = _ofUsers.GetValueOrDefault(act.UserId) + 1;
        }

        if (_acts.Count > most)
        {
            Remove(_acts.Max!);
            LetGo++;
        }
    }

    /// <summary>Gives out those below an offset, at most so many, in the order of their log.</summary>
    public IReadOnlyList<HeldEvent> TakeBelow(long next, int atOnce = int.MaxValue)
    {
        HeldEvent[] taken = [.. _acts.TakeWhile(act => act.Offset < next).Take(atOnce)];
        Array.ForEach(taken, Remove);
        return taken;
    }

    /// <summary>Forgets a user's.</summary>
    public void Forget(string userId)
    {
        if (_ofUsers.ContainsKey(userId))
        {
            Array.ForEach([.. _acts.Where(act => act.UserId == userId)], Remove);
        }
    }

    private void Remove(HeldEvent act)
    {
        _acts.Remove(act);
        if (--_ofUsers[act.UserId] == 0)
        {
            _ofUsers.Remove(act.UserId);
        }
    }
}
