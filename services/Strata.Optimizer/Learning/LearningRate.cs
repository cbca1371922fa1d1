namespace Strata.Optimizer.Learning;

/// <summary>Constants of the learner; the defaults served every data set that was measured.</summary>
/// <param name="Step">Length of a step before AdaGrad divides it.</param>
/// <param name="L2">Pull of every weight towards zero.</param>
/// <param name="InitialSquare">AdaGrad's sum of squares at the start.</param>
/// <param name="SlowestDrift">Least share that the newest list has in mean and variance: about 500 lists are remembered.</param>
public sealed record LearningRate(double Step = 0.05, double L2 = 1e-5, double InitialSquare = 0.1, double SlowestDrift = 0.002)
{
    /// <summary>The measured defaults.</summary>
    public static LearningRate Default { get; } = new();
}
