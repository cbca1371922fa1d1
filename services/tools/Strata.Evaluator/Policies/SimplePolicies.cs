namespace Strata.Evaluator.Policies;

/// <summary>Each layer as likely.</summary>
internal sealed class UniformPolicy : IPolicyUnderTest
{
    public string Name => "uniform";

    public void Choose(int user, Span<double> probabilities) => probabilities.Fill(1.0 / probabilities.Length);

    public void Learn(int user, int layer, bool clicked, long timeMs)
    {
    }

    public void EndRound()
    {
    }
}

/// <summary>What all users click most, for everybody; one in twenty from any layer, or it would never learn.</summary>
internal sealed class PopularityPolicy(int layers) : IPolicyUnderTest
{
    private readonly double[] _clicks = [.. Enumerable.Repeat(.03, layers)];
    private readonly double[] _shown = [.. Enumerable.Repeat(1.0, layers)];
    private int _best;

    public string Name => "popularity";

    public void Choose(int user, Span<double> probabilities) => Mostly(_best, probabilities);

    public void Learn(int user, int layer, bool clicked, long timeMs)
    {
        _clicks[layer] += clicked ? 1 : 0;
        _shown[layer]++;
    }

    public void EndRound() => _best = Enumerable.Range(0, _clicks.Length).MaxBy(layer => _clicks[layer] / _shown[layer]);

    /// <summary>One layer nineteen times in twenty, else any.</summary>
    public static void Mostly(int layer, Span<double> probabilities)
    {
        probabilities.Fill(.05 / probabilities.Length);
        probabilities[layer] += .95;
    }
}

/// <summary>
/// One interest a user: the layer that they clicked most; what is popular until they clicked something; one in twenty from any layer.
/// </summary>
internal sealed class OneInterestPolicy(int users, int layers) : IPolicyUnderTest
{
    private readonly int[,] _clicks = new int[users, layers];
    private readonly int[] _interest = [.. Enumerable.Repeat(-1, users)];
    private readonly PopularityPolicy _popular = new(layers);

    public string Name => "one interest";

    public void Choose(int user, Span<double> probabilities)
    {
        if (_interest[user] < 0)
        {
            _popular.Choose(user, probabilities);
        }
        else
        {
            PopularityPolicy.Mostly(_interest[user], probabilities);
        }
    }

    public void Learn(int user, int layer, bool clicked, long timeMs)
    {
        _popular.Learn(user, layer, clicked, timeMs);
        if (clicked && (++_clicks[user, layer], _interest[user]) is var (clicks, best) && (best < 0 || clicks > _clicks[user, best]))
        {
            _interest[user] = layer;
        }
    }

    public void EndRound() => _popular.EndRound();
}
