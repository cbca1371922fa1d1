namespace Strata.Evaluator.Policies;

/// <summary>
/// Users in groups of like taste, each with some layers that they like; half of them change their taste half way. A port of the world of
/// Strata's reference simulation of layer policies.
/// </summary>
/// <param name="Appeal">By layer, what its click rate has more than others', as a logarithm of odds.</param>
/// <param name="Tastes">By user, the layers liked at first.</param>
/// <param name="LaterTastes">The same of users 0, 2, 4 … in the second half.</param>
internal sealed record PolicyWorld(double[] Appeal, int[][] Tastes, int[][] LaterTastes)
{
    private const int Groups = 20;
    private const double AppealSpread = 0.5;
    private const double BaseOdds = -3.9;
    private const double LikedOdds = 2.3;

    public int Users => Tastes.Length;

    public int Layers => Appeal.Length;

    /// <summary>A world of a seed: each user likes two layers of their group and one of their own.</summary>
    public static PolicyWorld Of(int seed, int users, int layers)
    {
        var random = new Random(seed);
        double[] appeal = [.. Enumerable.Range(0, layers).Select(_ => AppealSpread * Normal(random))];
        int[][] groups = [.. Enumerable.Range(0, Groups).Select(_ => Pair(random, layers))];
        return new PolicyWorld(
            appeal,
            [.. Enumerable.Range(0, users).Select(_ => Taste(random, groups, layers))],
            [.. Enumerable.Range(0, (users + 1) / 2).Select(_ => Taste(random, groups, layers))]);
    }

    /// <summary>Probability that the user clicks what is shown from the layer.</summary>
    public double ClickRate(int user, int layer, bool late)
    {
        var taste = late && user % 2 == 0 ? LaterTastes[user / 2] : Tastes[user];
        return 1 / (1 + double.Exp(-(BaseOdds + Appeal[layer] + (taste.Contains(layer) ? LikedOdds : 0))));
    }

    private static int[] Taste(Random random, int[][] groups, int layers)
        => [.. groups[random.Next(groups.Length)], random.Next(layers)];

    private static int[] Pair(Random random, int layers)
    {
        var (first, second) = (random.Next(layers), random.Next(layers - 1));
        return [first, second < first ? second : second + 1];
    }

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
