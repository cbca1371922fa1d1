using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Baselines;

/// <summary>A tested moment as a baseline sees it.</summary>
/// <param name="User">Who asks.</param>
/// <param name="TimeMs">When.</param>
/// <param name="Alive">Items alive: those below this index.</param>
/// <param name="Excluded">Items that may not be ranked (the user's own), by index.</param>
/// <param name="ExcludedCount">How many those are.</param>
/// <param name="History">The user's items; null for a new user.</param>
internal readonly record struct Request(int User, long TimeMs, int Alive, bool[] Excluded, int ExcludedCount, Histories.Entry? History)
{
    /// <summary>Items that may be ranked.</summary>
    public int Allowed => Alive - ExcludedCount;
}

/// <summary>Something touched.</summary>
/// <param name="User">By whom.</param>
/// <param name="Item">What.</param>
/// <param name="TimeMs">When.</param>
/// <param name="First">The item was not among the user's items remembered.</param>
/// <param name="Before">The user's items before; null for a new user.</param>
internal readonly record struct Touch(int User, int Item, long TimeMs, bool First, Histories.Entry? Before);
