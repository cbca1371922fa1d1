using Strata.Contracts.State.V1;
using Strata.Ranking.Experiments.Core;

namespace Strata.Ranking.Tests.Experiments;

/// <summary>
/// Experiments that are looked at after every step, simulated: users have click rates of their own and come back, so that slates of one
/// are alike; what is compared are their arms.
/// </summary>
[Trait("height", "unit")]
public sealed class ConfidenceSequenceTests
{
    private const int Runs = 400;
    private const int Slates = 6_000;
    private const int LookEvery = 25;

    // What handbook/experiments.md says of these runs, whose seeds are fixed: .5 %, where 5 % are allowed; a fixed interval 19 to 32 %.
    private const double Most = 0.005;

    // Of 1,000 slates: 800 users; 100; a hundred, who are all that there are.
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void Difference_NoneAndPeekedAtEveryStep_SeldomExcludesZeroWhereAFixedIntervalOftenDoes(double returns)
    {
        var (ever, fixedEver) = Peek(returns, rate: 0.3, otherRate: 0.3, ArmEstimates.ClickRate);

        Assert.InRange(ever, 0, Most);
        Assert.InRange(fixedEver, 0.185, 0.325);
    }

    [Fact]
    public void Difference_OfNdcgNoneAndPeekedAtEveryStep_SeldomExcludesZero()
    {
        var (ever, fixedEver) = Peek(returns: 0.8, rate: 0.3, otherRate: 0.3, ArmEstimates.Ndcg);

        Assert.InRange(ever, 0, Most);
        Assert.InRange(fixedEver, 0.185, 0.325);
    }

    [Fact]
    public void Difference_OneThatIsThere_IsFound()
        => Assert.Equal(1, Peek(returns: 0.5, rate: 0.3, otherRate: 0.4, ArmEstimates.ClickRate).Ever);

    [Theory]
    [InlineData(10_000, 3.03)]
    [InlineData(1_000, 3.86)]
    [InlineData(1_000_000, 3.56)]
    public void Reach_Observations_IsTheMixtures(double observations, double reach)
        => Assert.Equal(reach, ConfidenceSequence.Reach(observations, 0.05), 0.02);

    [Fact]
    public void ClickRate_UsersOfOneSlateEach_HasTheVarianceOfAMean()
    {
        var arm = new SimulatedArm(new Random(1), mean: 0.2, returns: 0);
        for (var i = 0; i < 1000; i++)
        {
            arm.Show();
        }

        var estimate = ArmEstimates.ClickRate(arm.Sums);

        var rate = arm.Sums.Clicked / 1000.0;
        Assert.Equal(rate, estimate.Value, 12);
        Assert.Equal(rate * (1 - rate) / 999, estimate.Variance, 12);
    }

    [Fact]
    public void ClickRate_UsersWithManySlates_IsLessSureThanAsManyUsers()
    {
        var arm = new SimulatedArm(new Random(1), mean: 0.2, returns: 0.95);
        for (var i = 0; i < 10_000; i++)
        {
            arm.Show();
        }

        var estimate = ArmEstimates.ClickRate(arm.Sums);

        Assert.InRange(estimate.Variance, 2 * estimate.Value * (1 - estimate.Value) / 10_000, 1);
    }

    /// <summary>Part of the runs in which an interval ever had no 0 in it: this one, and a fixed one of 95 %.</summary>
    private static (double Ever, double FixedEver) Peek(
        double returns, double rate, double otherRate, Func<ArmOutcomes, ArmEstimate> estimate)
    {
        var (ever, fixedEver) = (0, 0);
        Parallel.For(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run =>
        {
            var random = new Random(run);
            var (one, other) = (new SimulatedArm(random, rate, returns), new SimulatedArm(random, otherRate, returns));
            var (left, fixedLeft) = (false, false);
            for (var slate = 1; slate <= Slates; slate++)
            {
                (random.Next(2) == 0 ? one : other).Show();
                if (slate % LookEvery == 0 && ArmEstimates.Tells(one.Sums) && ArmEstimates.Tells(other.Sums))
                {
                    var (first, second) = (estimate(one.Sums), estimate(other.Sums));
                    var (value, half) = ArmEstimates.Difference(second, first, ExperimentReport.Alpha);
                    left |= Math.Abs(value) > half;
                    fixedLeft |= Math.Abs(value) > 1.96 * Math.Sqrt(first.Variance + second.Variance);
                }
            }

            Interlocked.Add(ref ever, left ? 1 : 0);
            Interlocked.Add(ref fixedEver, fixedLeft ? 1 : 0);
        });
        return ((double)ever / Runs, (double)fixedEver / Runs);
    }

    /// <summary>An arm whose users come back with a probability; 1: there are a hundred users, and no more.</summary>
    private sealed class SimulatedArm(Random random, double mean, double returns)
    {
        private readonly List<(double Rate, double Slates, double Clicked, double Ndcg)> _users = [];

        public ArmOutcomes Sums { get; } = new();

        public void Show()
        {
            var comesBack = returns < 1 ? _users.Count > 0 && random.NextDouble() < returns : _users.Count >= 100;
            if (!comesBack)
            {
                // Between none and twice the mean, so that users differ much.
                _users.Add((2 * mean * random.NextDouble(), 0, 0, 0));
                Sums.Users++;
            }

            var at = comesBack ? random.Next(_users.Count) : _users.Count - 1;
            var (rate, slates, clicked, ndcg) = _users[at];
            var click = random.NextDouble() < rate ? 1 : 0;
            var gain = click * 1 / Math.Log2(2 + random.Next(20));
            _users[at] = (rate, slates + 1, clicked + click, ndcg + gain);
            Sums.Slates++;
            Sums.Clicked += (ulong)click;
            Sums.Ndcg += gain;
            Sums.SlatesSlates += (2 * slates) + 1;
            Sums.SlatesClicked += ((slates + 1) * (clicked + click)) - (slates * clicked);
            Sums.ClickedClicked += ((clicked + click) * (clicked + click)) - (clicked * clicked);
            Sums.ClickedNdcg += ((clicked + click) * (ndcg + gain)) - (clicked * ndcg);
            Sums.NdcgNdcg += ((ndcg + gain) * (ndcg + gain)) - (ndcg * ndcg);
        }
    }
}
