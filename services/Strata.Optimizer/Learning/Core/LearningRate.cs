namespace Strata.Optimizer.Learning.Core;

/// <summary>How a gradient becomes a step.</summary>
public enum LearningRule
{
    /// <summary>
    /// Online Newton: the step is H⁻¹ · gradient, H the decayed sum of the gradients' outer products. Sources say much the same of an item,
    /// and this rule sees through that.
    /// </summary>
    Newton,

    /// <summary>AdaGrad: each weight has a step of its own, whatever the others do.</summary>
    AdaGrad,
}

/// <summary>Constants of the learner; the defaults served every data set that was measured.</summary>
/// <param name="Rule">How a gradient becomes a step.</param>
/// <param name="Step">Length of a step before the rule scales it.</param>
/// <param name="L2">Pull of every weight towards zero.</param>
/// <param name="InitialSquare">AdaGrad's sum of squares at the start.</param>
/// <param name="Prior">Newton's H at the start and at the least: this much times the identity.</param>
/// <param name="Forgetting">Share of H that goes back to the prior at each step: about 1/share steps are remembered, so that weights can go
/// on following the world.</param>
/// <param name="SlowestDrift">Least share that the newest list has in mean and variance: about 500 lists are remembered.</param>
public sealed record LearningRate(
    LearningRule Rule = LearningRule.Newton,
    double Step = 1,
    double L2 = 1e-5,
    double InitialSquare = 0.1,
    double Prior = 50,
    double Forgetting = 3e-4,
    double SlowestDrift = 0.002)
{
    /// <summary>The measured defaults.</summary>
    public static LearningRate Default { get; } = new();

    /// <summary>The prototype's rule and constants.</summary>
    public static LearningRate AdaGrad { get; } = new(LearningRule.AdaGrad, Step: 0.05);

    /// <summary>Numbers that the rule keeps beside <paramref name="features"/> weights.</summary>
    public int SquaresOf(int features) => Rule == LearningRule.Newton ? features * (features + 1) / 2 : features;

    /// <summary>What those are at the start.</summary>
    public double[] InitialSquares(int features)
    {
        var squares = new double[SquaresOf(features)];
        if (Rule == LearningRule.AdaGrad)
        {
            Array.Fill(squares, InitialSquare);
            return squares;
        }

        for (var f = 0; f < features; f++)
        {
            squares[(f * (f + 1) / 2) + f] = Prior;
        }

        return squares;
    }

    /// <summary>Adds what a prior's examples would have: so many times their mean squared gradient.</summary>
    public void AddPrior(double[] squares, double[] curvature, double examples)
    {
        ArgumentNullException.ThrowIfNull(squares);
        ArgumentNullException.ThrowIfNull(curvature);
        for (var f = 0; f < curvature.Length; f++)
        {
            squares[Rule == LearningRule.Newton ? (f * (f + 1) / 2) + f : f] += examples * curvature[f];
        }
    }

    /// <summary>
    /// Goes on from what was kept: by this rule as it is, by AdaGrad its sums of squares become H's diagonal. Null when it is neither.
    /// </summary>
    public double[]? Restore(IReadOnlyList<double> kept, int features)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Count == SquaresOf(features))
        {
            return [.. kept];
        }

        if (Rule != LearningRule.Newton || kept.Count != features)
        {
            return null;
        }

        var squares = InitialSquares(features);
        for (var f = 0; f < features; f++)
        {
            squares[(f * (f + 1) / 2) + f] += kept[f];
        }

        return squares;
    }
}
