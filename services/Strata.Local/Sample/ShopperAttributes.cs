using System.Globalization;

namespace Strata.Local.Sample;

/// <summary>
/// What a shop may know of a shopper besides what they do. Each value makes some topics likelier for them and others less so.
/// </summary>
/// <param name="AgeBand">18-24 to 65+.</param>
/// <param name="Gender">f or m.</param>
/// <param name="Region">One of eight.</param>
internal sealed record ShopperAttributes(string AgeBand, string Gender, string Region)
{
    private static readonly string[] AgeBands = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"];
    private static readonly string[] Genders = ["f", "m"];
    private static readonly string[] Regions =
        ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

    /// <summary>Somebody's.</summary>
    public static ShopperAttributes Of(int seed, string userId)
    {
        var random = Chance.For(seed, "attributes", userId);
        return new ShopperAttributes(
            AgeBands[random.Next(AgeBands.Length)],
            Genders[random.Next(Genders.Length)],
            Regions[random.Next(Regions.Length)]);
    }

    /// <summary>
    /// What the odds of a topic are multiplied by: for each attribute <paramref name="odds"/> with half of its values and one by it with
    /// the others, so that a topic stays as popular as it is.
    /// </summary>
    public double OddsOf(int topic, int seed, double odds)
        => FactorOf(AgeBands, AgeBand, topic, seed, odds) * FactorOf(Genders, Gender, topic, seed, odds)
            * FactorOf(Regions, Region, topic, seed, odds);

    private static double FactorOf(string[] values, string value, int topic, int seed, double odds)
    {
        string[] order = [.. values];
        Chance.For(seed, "attribute", values[0], topic.ToString(CultureInfo.InvariantCulture)).Shuffle(order);
        return Array.IndexOf(order, value) < order.Length / 2 ? odds : 1 / odds;
    }
}
