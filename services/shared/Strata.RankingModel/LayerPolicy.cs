namespace Strata.RankingModel;

/// <summary>
/// From which layer to recommend: click rates that few observations pull towards the layer's rate over all users, and distributions over
/// layers that favour high rates and still try all. In a simulation with drifting tastes SquareCB over shrunken rates gave the most clicks
/// of the policies whose propensities are known in closed form; Softmax is the simpler alternative.
/// </summary>
public static class LayerPolicy
{
    /// <summary>Weight of the layer's rate over all users, in impressions.</summary>
    public const double DefaultPriorImpressions = 20;

    /// <summary>SquareCB's γ at the first impression.</summary>
    public const double DefaultGamma = 400;

    /// <summary>Differences of click rates that matter to Softmax.</summary>
    public const double DefaultTemperature = 0.015;

    /// <summary>
    /// q = (c + m·q_layer)/(n + m), at most 1.
    /// </summary>
    /// <param name="clicks">Decayed clicks c of this user in this layer.</param>
    /// <param name="shown">Decayed impressions n of this user from this layer, weighted by examination.</param>
    /// <param name="layerRate">Click rate of the layer over all users.</param>
    /// <param name="priorImpressions">How many impressions the layer's rate counts for: m, more than 0.</param>
    public static double ShrunkenRate(double clicks, double shown, double layerRate, double priorImpressions = DefaultPriorImpressions)
        => Math.Min(1, (clicks + (priorImpressions * layerRate)) / (shown + priorImpressions));

    /// <summary>
    /// SquareCB's γ after a number of impressions to this user: it grows by the square root, so that exploration fades as evidence comes.
    /// </summary>
    public static double Gamma(double impressions, double initial = DefaultGamma) => initial * double.Sqrt(1 + Math.Max(0, impressions));

    /// <summary>
    /// Inverse-gap weighting (Foster and Rakhlin, 2020): p_k = 1/(K + γ(q_best − q_k)), the rest to the best; then (1 − ε)p + ε/K. Sums to
    /// 1, every layer at least ε/K.
    /// </summary>
    /// <param name="rates">Estimated click rates, one a layer.</param>
    /// <param name="gamma">How sharply, see <see cref="Gamma"/>; 0 is uniform.</param>
    /// <param name="floor">ε, 0 to 1.</param>
    /// <param name="probabilities">Receives the distribution; as long as <paramref name="rates"/>.</param>
    public static void SquareCb(ReadOnlySpan<double> rates, double gamma, double floor, Span<double> probabilities)
    {
        ThrowUnlessAligned(rates, probabilities);
        if (rates.IsEmpty)
        {
            return;
        }

        var best = 0;
        for (var k = 1; k < rates.Length; k++)
        {
            best = rates[k] > rates[best] ? k : best;
        }

        var others = 0.0;
        for (var k = 0; k < rates.Length; k++)
        {
            probabilities[k] = 1 / (rates.Length + (gamma * (rates[best] - rates[k])));
            others += k == best ? 0 : probabilities[k];
        }

        probabilities[best] = 1 - others;
        ApplyFloor(probabilities, floor);
    }

    /// <summary>p_k ∝ exp(q_k / temperature), then (1 − ε)p + ε/K.</summary>
    /// <param name="rates">Estimated click rates, one a layer.</param>
    /// <param name="temperature">Difference of rates that multiplies a probability by e; more than 0.</param>
    /// <param name="floor">ε, 0 to 1.</param>
    /// <param name="probabilities">Receives the distribution; as long as <paramref name="rates"/>.</param>
    public static void Softmax(ReadOnlySpan<double> rates, double temperature, double floor, Span<double> probabilities)
    {
        ThrowUnlessAligned(rates, probabilities);
        if (rates.IsEmpty)
        {
            return;
        }

        var largest = rates[0];
        foreach (var rate in rates)
        {
            largest = Math.Max(largest, rate);
        }

        var sum = 0.0;
        for (var k = 0; k < rates.Length; k++)
        {
            probabilities[k] = double.Exp((rates[k] - largest) / temperature);
            sum += probabilities[k];
        }

        for (var k = 0; k < rates.Length; k++)
        {
            probabilities[k] /= sum;
        }

        ApplyFloor(probabilities, floor);
    }

    private static void ApplyFloor(Span<double> probabilities, double floor)
    {
        var least = floor / probabilities.Length;
        for (var k = 0; k < probabilities.Length; k++)
        {
            probabilities[k] = ((1 - floor) * probabilities[k]) + least;
        }
    }

    private static void ThrowUnlessAligned(ReadOnlySpan<double> rates, Span<double> probabilities)
    {
        if (rates.Length != probabilities.Length)
        {
            throw new ArgumentException($"There are {rates.Length} rates and {probabilities.Length} probabilities to write.");
        }
    }
}
