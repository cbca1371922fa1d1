using Google.Protobuf.Collections;
using Strata.Contracts.Activity.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>
/// An item's activity with its neighbours as item indexes. Immutable: an update makes another. Sums are as of <see cref="AsOfMs"/>.
/// </summary>
public sealed class ItemActivities
{
    private readonly double[] _popularity;
    private readonly int[] _coVisited;
    private readonly float[] _coVisits;
    private readonly int[] _followers;
    private readonly float[] _transitions;

    private ItemActivities(double[] popularity, int[] coVisited, float[] coVisits, int[] followers, float[] transitions)
    {
        (_popularity, _coVisited, _coVisits, _followers, _transitions) = (popularity, coVisited, coVisits, followers, transitions);
    }

    /// <summary>An item that nobody touched.</summary>
    public static ItemActivities None { get; } = new(new double[HalfLives.Count], [], [], [], []);

    /// <summary>Time of all sums, Unix milliseconds.</summary>
    public long AsOfMs { get; private init; }

    /// <summary>Decayed count of first touches.</summary>
    public double FirstTouches { get; private init; }

    /// <summary>Decayed sum of all transition weights out of the item.</summary>
    public double TransitionsOut { get; private init; }

    /// <summary>Unix milliseconds; 0: never.</summary>
    public long FirstEventMs { get; private init; }

    /// <summary>Unix milliseconds; 0: never.</summary>
    public long LastEventMs { get; private init; }

    /// <summary>Indexes of the co-visited items.</summary>
    public ReadOnlySpan<int> CoVisited => _coVisited;

    /// <summary>Weights of the co-visited items.</summary>
    public ReadOnlySpan<float> CoVisits => _coVisits;

    /// <summary>Indexes of the items that came next.</summary>
    public ReadOnlySpan<int> Followers => _followers;

    /// <summary>Weights of the items that came next.</summary>
    public ReadOnlySpan<float> Transitions => _transitions;

    /// <summary>Reads a message; <paramref name="indexOf"/> gives every neighbour its index.</summary>
    public static ItemActivities From(ItemActivity activity, Func<string, int> indexOf)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(indexOf);
        var popularity = new double[HalfLives.Count];
        for (var h = 0; h < Math.Min(HalfLives.Count, activity.Popularity.Count); h++)
        {
            popularity[h] = activity.Popularity[h];
        }

        var coVisited = new int[activity.CoVisits.Count];
        var coVisits = new float[coVisited.Length];
        Resolve(activity.CoVisits, indexOf, coVisited, coVisits);
        var followers = new int[activity.Transitions.Count];
        var transitions = new float[followers.Length];
        Resolve(activity.Transitions, indexOf, followers, transitions);
        return new ItemActivities(popularity, coVisited, coVisits, followers, transitions)
        {
            AsOfMs = activity.AsOfUnixMs,
            FirstTouches = activity.FirstTouches,
            TransitionsOut = activity.TransitionsOut,
            FirstEventMs = activity.FirstEventUnixMs,
            LastEventMs = activity.LastEventUnixMs,
        };
    }

    /// <summary>The decayed count at half-life number <paramref name="halfLife"/>, scaled to <paramref name="nowMs"/>.</summary>
    public double Popularity(int halfLife, long nowMs)
        => _popularity[halfLife] * HalfLives.Factor(nowMs - AsOfMs, HalfLives.PopularityRates[halfLife]);

    /// <summary>
    /// log2 of the decayed count plus the halvings since the epoch: orders items at one half-life by their counts at any one later time,
    /// so the order holds while nothing happens, and no sum over- or underflows however long that is. −∞ for a count of zero.
    /// </summary>
    public double PopularityKey(int halfLife) => double.Log2(_popularity[halfLife]) + (AsOfMs * HalfLives.PopularityRates[halfLife]);

    private static void Resolve(
        RepeatedField<ItemActivity.Types.Neighbour> neighbours, Func<string, int> indexOf, int[] items, float[] weights)
    {
        for (var k = 0; k < items.Length; k++)
        {
            items[k] = indexOf(neighbours[k].ItemId);
            weights[k] = neighbours[k].Weight;
        }
    }
}
