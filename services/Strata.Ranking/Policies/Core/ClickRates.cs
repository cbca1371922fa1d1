using static Strata.Contracts.Policy.V1.GetPolicyResponse.Types;

namespace Strata.Ranking.Policies.Core;

/// <summary>
/// Click rates with their intervals. Each item shown is chosen with the layer's rate times how likely its position is looked at, so clicks
/// are a sum of unequal trials, whose variance is at most that of a Poisson count with the same mean; decay weighs trials by 1 at most,
/// which makes it smaller still. Hence the score interval of a Poisson count (after Rao's score test, 1948): those rates r at which
/// |clicks − r·shown| is at most 1.96·√(r·shown). It says something at no clicks too, where ± 1.96·√clicks would be nothing.
/// </summary>
internal static class ClickRates
{
    /// <summary>The normal distribution leaves 2.5 % above it.</summary>
    private const double Z = 1.959964;

    /// <summary>The counts of a layer with rate and 95 % interval.</summary>
    /// <param name="layerId">The layer; 0: all.</param>
    /// <param name="clicks">Decayed clicks.</param>
    /// <param name="shown">Decayed impressions, weighted by examination; 0: nothing is known, and the rate is anything from 0 to 1.</param>
    public static LayerClicks Of(uint layerId, double clicks, double shown)
    {
        if (shown <= 0)
        {
            return new LayerClicks { LayerId = layerId, Clicks = clicks, High = 1 };
        }

        var rate = clicks / shown;
        var middle = clicks + (Z * Z / 2);
        var half = Z * double.Sqrt(clicks + (Z * Z / 4));
        return new LayerClicks
        {
            LayerId = layerId,
            Clicks = clicks,
            Shown = shown,
            Rate = rate,
            Low = Math.Max(0, middle - half) / shown,
            High = Math.Max(rate, Math.Min(1, (middle + half) / shown)), // more than all of what is looked at is not chosen
        };
    }
}
