using Strata.Evaluator.Reports;

namespace Strata.Evaluator.Policies;

/// <summary>
/// Shows each user one item at a time, from the layer that a policy draws, and lets it learn the clicks: how large a share it has of the
/// clicks of an oracle that knows every rate. All methods meet the same world.
/// </summary>
internal sealed class PolicySimulation(IEvaluationProgress progress)
{
    /// <summary>Users of the reference.</summary>
    public const int Users = 2_000;

    /// <summary>Layers of the reference.</summary>
    public const int Layers = 32;

    /// <summary>Items shown to each user; half of the users change taste after half of them.</summary>
    public const int Rounds = 400;

    private const int Last = 50;
    private const long StartMs = 1_700_000_000_000;
    private const long RoundMs = 60_000;

    /// <summary>The policies: what is served, the rules before it, and simple ones.</summary>
    public static IEnumerable<IPolicyUnderTest> All(int users, int layers)
    {
        yield return new ServedPolicy(users, layers);
        yield return new RatePolicy("square-cb", users, layers, softmax: false);
        yield return new RatePolicy("softmax", users, layers, softmax: true);
        yield return new OneInterestPolicy(users, layers);
        yield return new PopularityPolicy(layers);
        yield return new UniformPolicy();
    }

    /// <summary>Runs one policy through a world.</summary>
    /// <param name="policy">Fresh.</param>
    /// <param name="world">Who likes what.</param>
    /// <param name="seed">Of draws and clicks.</param>
    public PolicyLine Run(IPolicyUnderTest policy, PolicyWorld world, int seed)
    {
        var random = new Random(seed);
        var tell = progress.Begin($"{policy.Name} seed {seed}", Rounds, "rounds");
        var rates = RatesOf(world, late: false);
        var (gained, possible) = (new double[Rounds], new double[Rounds]);
        var probabilities = new double[world.Layers];
        for (var round = 0; round < Rounds; round++)
        {
            rates = round == Rounds / 2 ? RatesOf(world, late: true) : rates;
            for (var user = 0; user < world.Users; user++)
            {
                policy.Choose(user, probabilities);
                var layer = Draw(probabilities, random.NextDouble());
                gained[round] += rates[user][layer];
                possible[round] += rates[user].Max();
                policy.Learn(user, layer, random.NextDouble() < rates[user][layer], StartMs + (round * RoundMs));
            }

            policy.EndRound();
            tell(round + 1);
        }

        return new PolicyLine(
            policy.Name,
            seed,
            Share(..),
            Share(((Rounds / 2) - Last)..(Rounds / 2)),
            Share(^Last..),
            gained.Sum() / Rounds / world.Users);

        double Share(Range range) => gained[range].Sum() / possible[range].Sum();
    }

    private static double[][] RatesOf(PolicyWorld world, bool late) =>
    [
        .. Enumerable.Range(0, world.Users).Select(
            user => Enumerable.Range(0, world.Layers).Select(layer => world.ClickRate(user, layer, late)).ToArray()),
    ];

    private static int Draw(double[] probabilities, double left)
    {
        var at = 0;
        while (at < probabilities.Length - 1 && left >= probabilities[at])
        {
            left -= probabilities[at++];
        }

        return at;
    }
}

/// <summary>How one policy did in one world.</summary>
/// <param name="Policy">Name.</param>
/// <param name="Seed">Seed of the world and of chance.</param>
/// <param name="OfOracle">Clicks over the oracle's, all through.</param>
/// <param name="BeforeChange">The same in the last 50 rounds before tastes change.</param>
/// <param name="AtTheEnd">The same in the last 50 rounds.</param>
/// <param name="ClickRate">Clicks an item shown.</param>
internal sealed record PolicyLine(
    string Policy, int Seed, double OfOracle, double BeforeChange, double AtTheEnd, double ClickRate);
