using Policies = Strata.RankingModel.LayerPolicy;

namespace Strata.Optimizer.Tests.LayerPolicy;

/// <summary>
/// Users in groups like three of 32 layers; half of them change their taste half way. Each policy shows one item at a time and learns from
/// the clicks: what counts is the share of the clicks that an all-knowing policy would have had.
/// </summary>
[Trait("height", "harness")]
public sealed class PolicySimulationTests
{
    private const int Layers = 32;
    private const int Users = 300;
    private const int Rounds = 400;

    [Fact]
    public void Run_LearnedPolicies_BeatUniformByFar()
    {
        var uniform = Run((_, _, p) => Array.Fill(p, 1.0 / Layers));
        var square = Run((rates, round, p) => Policies.SquareCb(rates, Policies.Gamma(round), 0.02, p));
        var softmax = Run((rates, _, p) => Policies.Softmax(rates, Policies.DefaultTemperature, 0.05, p));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"share of the oracle's clicks: uniform {uniform:f3}, SquareCB {square:f3}, softmax {softmax:f3}");
        Assert.True(square > 1.8 * uniform, $"SquareCB {square:f3}, uniform {uniform:f3}");
        Assert.True(softmax > 1.8 * uniform, $"softmax {softmax:f3}, uniform {uniform:f3}");
    }

    private static double Run(Action<double[], int, double[]> policy)
    {
        var random = new Random(8);
        var appeal = Enumerable.Range(0, Layers).Select(_ => 0.5 * Normal(random)).ToArray();
        var groups = Enumerable.Range(0, 20).Select(_ => (random.Next(Layers), random.Next(Layers))).ToArray();
        var taste = Enumerable.Range(0, Users).Select(_ => Taste(random, groups)).ToArray();
        var (clicks, shown) = (new double[Users, Layers], new double[Users, Layers]);
        var layerClicks = Enumerable.Repeat(0.03, Layers).ToArray();
        var layerShown = Enumerable.Repeat(1.0, Layers).ToArray();
        var (rates, p) = (new double[Layers], new double[Layers]);
        var (gained, possible) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            for (var user = 0; user < Users; user++)
            {
                if (round == Rounds / 2 && user % 2 == 0)
                {
                    taste[user] = Taste(random, groups);
                }

                for (var layer = 0; layer < Layers; layer++)
                {
                    rates[layer] = Policies.ShrunkenRate(clicks[user, layer], shown[user, layer], layerClicks[layer] / layerShown[layer]);
                }

                policy(rates, round, p);
                var chosen = Draw(random, p);
                gained += ClickRate(chosen);
                possible += Enumerable.Range(0, Layers).Max(ClickRate);
                var clicked = random.NextDouble() < ClickRate(chosen) ? 1 : 0;
                clicks[user, chosen] += clicked;
                shown[user, chosen]++;
                layerClicks[chosen] += clicked;
                layerShown[chosen]++;

                double ClickRate(int layer) => 1 / (1 + Math.Exp(3.9 - appeal[layer] - taste[user][layer]));
            }
        }

        return gained / possible;
    }

    private static double[] Taste(Random random, (int First, int Second)[] groups)
    {
        var (first, second) = groups[random.Next(groups.Length)];
        var taste = new double[Layers];
        taste[first] = taste[second] = taste[random.Next(Layers)] = 2.3;
        return taste;
    }

    private static int Draw(Random random, double[] p)
    {
        var left = random.NextDouble();
        var at = 0;
        while (at < p.Length - 1 && left >= p[at])
        {
            left -= p[at++];
        }

        return at;
    }

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
