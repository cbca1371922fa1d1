using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;
using Strata.RankingModel;

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
        policy.FeatureLists.Clear();
        policy.FeatureLists.AddRange(_varied);
        Overwrite(policy.Weights, _weights[0]);
        policy.Squares.Clear();
        policy.Squares.AddRange(_squares[0]);
        policy.ContextWeights.Clear();
        policy.ContextSquares.Clear();
        for (var c = 1; c <= ContextCount; c++)
        {
            policy.ContextWeights.Add(new Policy.Types.Row { Values = { Cut(_weights[c]) } });
            policy.ContextSquares.Add(new Policy.Types.Row { Values = { _squares[c] } });
        }

        policy.Steps = Steps;
    }

    /// <summary>
    /// Goes on from a published policy. Contexts that it does not know yet, a release before it did not, begin with the prior.
    /// </summary>
    /// <exception cref="ArgumentException">The policy's parts don't fit each other.</exception>
    public static ListwiseLearner From(Policy policy, LearningRate? rate = null, Prior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var contexts = Math.Max(policy.ContextWeights.Count, prior?.ContextCount ?? 0);
        var learner = new ListwiseLearner(policy.Weights.Count, contexts, rate, prior) { Lists = policy.Lists, Steps = policy.Steps };
        learner.Restore(policy.Mean, learner._mean);
        learner.Restore(policy.Variance, learner._variance);
        learner.Restore(policy.Weights, learner._weights[0]);
        learner.RestoreSquares(policy.Squares, 0);
        if (policy.FeatureLists.Count > 0)
        {
            learner.Restore(policy.FeatureLists, learner._varied);
        }
        else
        {
            Array.Fill(learner._varied, policy.Lists);
        }

        if (policy.ContextSquares.Count != policy.ContextWeights.Count)
        {
            throw new ArgumentException("The policy has other contexts for its squares than for its weights.", nameof(policy));
        }

        for (var c = 0; c < policy.ContextWeights.Count; c++)
        {
            learner.Restore(policy.ContextWeights[c].Values, learner._weights[c + 1]);
            learner.RestoreSquares(policy.ContextSquares[c].Values, c + 1);
        }

        return learner;
    }

    private void Start(Prior prior)
    {
        if (prior.Features != Features || prior.ContextCount != ContextCount)
        {
            throw new ArgumentException(
                $"The prior is of {prior.Features} features and {prior.ContextCount} contexts, not {Features} and {ContextCount}.",
                nameof(prior));
        }

        for (var f = 0; f < Features; f++)
        {
            (_mean[f], _variance[f], _varied[f]) = (prior.Mean[f], prior.Variance[f], PriorLists);
        }

        for (var row = 0; row <= ContextCount; row++)
        {
            prior.Weights[row].CopyTo(_weights[row], 0);
            prior.Weights[row].CopyTo(_pull[row], 0);
            _rate.AddPrior(_squares[row], prior.Curvature[row], prior.Strength);
        }
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

    private double[] Cut(double[] padded) => padded[..Features];

    private double[] Filled(double value)
    {
        var filled = new double[_stride];
        Array.Fill(filled, value);
        return filled;
    }

    private double[][] Rows(Func<double[]> make) => [.. Enumerable.Range(0, ContextCount + 1).Select(_ => make())];
}
