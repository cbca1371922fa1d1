namespace Strata.RankingModel;

/// <summary>Click rates of a layer among users who like it and among others.</summary>
/// <param name="Other">Clicks an item shown and looked at, more than 0.</param>
/// <param name="Liked">The same of those who like it: at least twice the other, less than 1.</param>
public readonly record struct LikingRates(double Other, double Liked)
{
    private const double AllShown = 100;
    private const double LayerShown = 20;
    private const double Least = 1e-4;
    private const double MostOther = 0.45;
    private const double MostLiked = 0.95;

    /// <summary>
    /// Rates over all layers, from decayed sums that were split by how likely each user liked the layer (the statistics of an online EM:
    /// Cappé and Moulines, 2009, On-line expectation–maximization algorithm for latent data models).
    /// </summary>
    /// <param name="begin">Click rate of everything while nothing was seen; weighs 100 items shown.</param>
    /// <param name="all">Clicks and items shown.</param>
    /// <param name="liked">The part of both that goes to users who like the layer.</param>
    public static LikingRates Of(double begin, (double Clicks, double Shown) all, (double Clicks, double Shown) liked)
    {
        var other = begin / (1 + (LayerLiking.Nominal * (LayerLiking.Lift - 1)));
        return Of(new LikingRates(other, other * LayerLiking.Lift), AllShown, all, liked);
    }

    /// <summary>Rates of one layer, pulled towards these, which weigh 20 items shown.</summary>
    public LikingRates OfLayer((double Clicks, double Shown) all, (double Clicks, double Shown) liked) => Of(this, LayerShown, all, liked);

    /// <summary>Both rates times a factor, within what rates may be.</summary>
    public LikingRates Times(double factor)
    {
        var other = Math.Clamp(Other * factor, Least, MostOther);
        return new LikingRates(other, Math.Clamp(Liked * factor, 2 * other, MostLiked));
    }

    private static LikingRates Of(LikingRates from, double weight, (double Clicks, double Shown) all, (double Clicks, double Shown) liked)
    {
        var other = Rate(all.Clicks - liked.Clicks, all.Shown - liked.Shown, from.Other, weight);
        other = Math.Clamp(other, Least, MostOther);
        return new LikingRates(other, Math.Clamp(Rate(liked.Clicks, liked.Shown, from.Liked, weight), 2 * other, MostLiked));
    }

    private static double Rate(double clicks, double shown, double rate, double weight)
        => (Math.Max(0, clicks) + (weight * rate)) / (Math.Max(0, shown) + weight);
}
