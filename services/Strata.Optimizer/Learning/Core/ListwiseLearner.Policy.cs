using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;

namespace Strata.Optimizer.Learning.Core;

/// <summary>The learner's state as it is published and restored, bit by bit.</summary>
public sealed partial class ListwiseLearner
{
    /// <summary>Writes the whole state into a policy: mean, variance, lists, weights, squares and steps.</summary>
    public void WriteTo(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Overwrite(policy.Mean, _mean);
        Overwrite(policy.Variance, _variance);
        policy.Lists = Lists;
        Overwrite(policy.Weights, _weights[0]);
        policy.Squares.Clear();
        policy.Squares.AddRange(_squares[0]);
        policy.ContextWeights.Clear();
        policy.ContextSquares.Clear();
        for (var c = 1; c <= Contexts; c++)
        {
            policy.ContextWeights.Add(new Policy.Types.Row { Values = { Cut(_weights[c]) } });
            policy.ContextSquares.Add(new Policy.Types.Row { Values = { _squares[c] } });
        }

        policy.Steps = Steps;
    }

    /// <summary>Goes on from a published policy.</summary>
    /// <exception cref="ArgumentException">The policy's parts don't fit each other.</exception>
    public static ListwiseLearner From(Policy policy, LearningRate? rate = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var learner = new ListwiseLearner(policy.Weights.Count, policy.ContextWeights.Count, rate)
        {
            Lists = policy.Lists,
            Steps = policy.Steps,
        };
        learner.Restore(policy.Mean, learner._mean);
        learner.Restore(policy.Variance, learner._variance);
        learner.Restore(policy.Weights, learner._weights[0]);
        learner.RestoreSquares(policy.Squares, 0);
        if (policy.ContextSquares.Count != learner.Contexts)
        {
            throw new ArgumentException("The policy has other contexts for its squares than for its weights.", nameof(policy));
        }

        for (var c = 0; c < learner.Contexts; c++)
        {
            learner.Restore(policy.ContextWeights[c].Values, learner._weights[c + 1]);
            learner.RestoreSquares(policy.ContextSquares[c].Values, c + 1);
        }

        return learner;
    }

    private void Overwrite(RepeatedField<double> field, double[] values)
    {
        field.Clear();
        field.AddRange(Cut(values));
    }

    private void RestoreSquares(RepeatedField<double> field, int row)
        => _squares[row] = _rate.Restore(field, Features)
            ?? throw new ArgumentException($"The policy has {Features} weights and {field.Count} squares beside them.");

    private void Restore(RepeatedField<double> field, double[] values)
    {
        if (field.Count != Features)
        {
            throw new ArgumentException($"The policy has {Features} weights and {field.Count} values beside them.");
        }

        field.CopyTo(values, 0);
    }
}
