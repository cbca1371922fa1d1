namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// Acts that name a slate which does not wait any longer, by their places in the log. They are given out once everything before them is
/// committed with them: what comes of them leaves in the same transaction, so a restart neither loses nor repeats it.
/// </summary>
/// <param name="most">Acts kept; of more the newest are let go.</param>
internal sealed class LateActs(int most)
{
    private readonly SortedDictionary<long, HeldEvent> _acts = [];

    /// <summary>Acts that came to nothing because too many waited, since the start.</summary>
    public long LetGo { get; private set; }

    /// <summary>Takes an act.</summary>
    public void Add(HeldEvent act)
    {
        _acts[act.Offset] = act;
        if (_acts.Count > most)
        {
            _acts.Remove(_acts.Keys.Last());
            LetGo++;
        }
    }

    /// <summary>Gives out those below an offset, in the order of their log.</summary>
    public IReadOnlyList<HeldEvent> TakeBelow(long next)
    {
        HeldEvent[] taken = [.. _acts.Values.TakeWhile(act => act.Offset < next)];
        foreach (var act in taken)
        {
            _acts.Remove(act.Offset);
        }

        return taken;
    }

    /// <summary>Forgets a user's.</summary>
    public void Forget(string userId)
    {
        foreach (var act in _acts.Values.Where(act => act.UserId == userId).ToArray())
        {
            _acts.Remove(act.Offset);
        }
    }
}
