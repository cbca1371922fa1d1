namespace Strata.Evaluator.Measures;

/// <summary>
/// Bootstrap over users: a resample draws as many users as there are, with replacement, and takes all their tests. The draws are the same
/// for every method, so differences between two methods are paired.
/// </summary>
internal sealed class Bootstrap
{
    private const double Low = 0.025;
    private const double High = 0.975;

    private readonly int[] _userOf;
    private readonly int[] _tests;
    private readonly int[][] _draws;

    /// <summary>Draws the resamples.</summary>
    /// <param name="users">User of each test.</param>
    /// <param name="resamples">How many.</param>
    /// <param name="seed">Seed.</param>
    public Bootstrap(ReadOnlySpan<int> users, int resamples, int seed)
    {
        var numbers = new Dictionary<int, int>();
        _userOf = new int[users.Length];
        for (var i = 0; i < users.Length; i++)
        {
            numbers.TryAdd(users[i], numbers.Count);
            _userOf[i] = numbers[users[i]];
        }

        _tests = new int[numbers.Count];
        foreach (var user in _userOf)
        {
            _tests[user]++;
        }

        var random = new Random(seed);
        _draws = new int[resamples][];
        for (var r = 0; r < resamples; r++)
        {
            // How often each user was drawn.
            _draws[r] = new int[numbers.Count];
            for (var k = 0; k < numbers.Count; k++)
            {
                _draws[r][random.Next(numbers.Count)]++;
            }
        }
    }

    /// <summary>95 % interval of the mean of a value of each test.</summary>
    public Interval Of(Func<int, double> value)
    {
        var sums = new double[_tests.Length];
        for (var i = 0; i < _userOf.Length; i++)
        {
            sums[_userOf[i]] += value(i);
        }

        var means = new double[_draws.Length];
        for (var r = 0; r < means.Length; r++)
        {
            var (sum, tests) = (0.0, 0L);
            for (var user = 0; user < sums.Length; user++)
            {
                sum += _draws[r][user] * sums[user];
                tests += _draws[r][user] * _tests[user];
            }

            means[r] = tests == 0 ? 0 : sum / tests;
        }

        Array.Sort(means);
        return means.Length == 0 ? default : new Interval(Quantile(means, Low), Quantile(means, High));
    }

    private static double Quantile(double[] sorted, double q)
    {
        var at = q * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}

internal readonly record struct Interval(double Low, double High);
