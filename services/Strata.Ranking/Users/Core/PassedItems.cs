using Strata.Numerics;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Users.Core;

/// <summary>
/// What the user was shown and did not choose, as items of the catalogue, and what that takes from their scores. An item that they had to
/// do with since it was last shown, by whatever way they came to it, is not among them.
/// </summary>
public sealed class PassedItems
{
    private readonly Dictionary<int, Passed> _items = [];

    /// <summary>What it takes from an item's score: 0 or less.</summary>
    public double FatigueOf(int item) => _items.TryGetValue(item, out var passed) ? passed.Fatigue : 0;

    /// <summary>How often the item was shown, as far as is known, since the user last chose it from a slate; 0: not at all.</summary>
    public int TimesOf(int item) => _items.TryGetValue(item, out var passed) ? passed.Times : 0;

    /// <summary>Resolves what the store has of a user against the catalogue.</summary>
    /// <param name="view">The catalogue.</param>
    /// <param name="user">The user.</param>
    /// <param name="nowMs">Time of the request, Unix milliseconds.</param>
    /// <param name="fatigue">From a count as of now to what it adds to a score.</param>
    internal void Resolve(CatalogueView view, UserState user, long nowMs, Func<double, double> fatigue)
    {
        Clear();
        if (user.Policy is not { PassedOver.Count: > 0, PassedOverHalfLifeS: > 0 } policy)
        {
            return;
        }

        var halfLife = TimeSpan.FromSeconds(policy.PassedOverHalfLifeS);
        foreach (var passed in policy.PassedOver)
        {
            var count = passed.Count * Decay.Factor(nowMs - passed.LastUnixMs, halfLife);
            if (view.IndexOf(passed.ItemId) is >= 0 and var item && fatigue(count) is < 0 and var taken)
            {
                _items[item] = new Passed(taken, (int)Math.Min(passed.Slates, int.MaxValue), passed.LastUnixMs);
            }
        }

        foreach (var own in _items.Count > 0 ? user.Profile?.Items ?? [] : [])
        {
            if (view.IndexOf(own.ItemId) is >= 0 and var item
                && _items.TryGetValue(item, out var passed) && own.LastUnixMs >= passed.LastMs)
            {
                _items.Remove(item);
            }
        }
    }

    /// <summary>Nothing was passed over.</summary>
    internal void Clear() => _items.Clear();

    private readonly record struct Passed(double Fatigue, int Times, long LastMs);
}
