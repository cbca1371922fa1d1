using Strata.RankingModel;

namespace Strata.Evaluator.Policies;

/// <summary>The older rules: a user's click rate by layer, shrunken towards everybody's, through SquareCB or softmax.</summary>
internal sealed class RatePolicy(string name, int users, int layers, bool softmax) : IPolicyUnderTest
{
    private const double SquareFloor = .02;
    private const double SoftmaxFloor = .05;

    private readonly double[,] _clicks = new double[users, layers];
    private readonly double[,] _shown = new double[users, layers];
    private readonly double[] _allClicks = [.. Enumerable.Repeat(.03, layers)];
    private readonly double[] _allShown = [.. Enumerable.Repeat(1.0, layers)];
    private readonly double[] _rates = new double[layers];
    private int _round;

    public string Name => name;

    public void Choose(int user, Span<double> probabilities)
    {
        for (var layer = 0; layer < _rates.Length; layer++)
        {
            _rates[layer] = LayerPolicy.ShrunkenRate(_clicks[user, layer], _shown[user, layer], _allClicks[layer] / _allShown[layer]);
        }

        if (softmax)
        {
            LayerPolicy.Softmax(_rates, LayerPolicy.DefaultTemperature, SoftmaxFloor, probabilities);
        }
        else
        {
            LayerPolicy.SquareCb(_rates, LayerPolicy.Gamma(_round), SquareFloor, probabilities);
        }
    }

    public void Learn(int user, int layer, bool clicked, long timeMs)
    {
        _clicks[user, layer] += clicked ? 1 : 0;
        _shown[user, layer]++;
        _allClicks[layer] += clicked ? 1 : 0;
        _allShown[layer]++;
    }

    public void EndRound() => _round++;
}
