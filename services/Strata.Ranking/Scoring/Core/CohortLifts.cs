using System.Numerics;
using Strata.Contracts.Policy.V1;
using Strata.Ranking.Index.Layers;

namespace Strata.Ranking.Scoring.Core;

/// <summary>
/// How much likelier than everybody a cohort is to choose from a layer: (n + k) / (e + k), n being what it chose there and e what it would
/// have had it chosen as everybody does, so that little evidence says little (the mean of a Gamma–Poisson posterior whose prior is 1).
/// Cohorts of whom less than twenty users are known say nothing. Immutable.
/// </summary>
public sealed class CohortLifts
{
    /// <summary>A cohort has at least so many users.</summary>
    public const int LeastUsers = 20;

    // Choices that "as everybody" weighs as much as.
    private const double Shrinkage = 10;

    private readonly Dictionary<string, Dictionary<uint, double>> _logarithms = new(StringComparer.Ordinal);

    /// <summary>Reads a policy.</summary>
    public CohortLifts(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Cohorts.FirstOrDefault(cohort => cohort.Name.Length == 0) is not { } everybody)
        {
            return;
        }

        var all = everybody.Layers.Sum(layer => layer.Chosen);
        foreach (var cohort in policy.Cohorts.Where(cohort => cohort.Name.Length > 0 && UsersOf(cohort) >= LeastUsers))
        {
            var own = cohort.Layers.ToDictionary(layer => layer.LayerId, layer => layer.Chosen);
            var scale = own.Values.Sum() / all;
            _logarithms[cohort.Name] = everybody.Layers.ToDictionary(
                layer => layer.LayerId,
                layer => Math.Log((own.GetValueOrDefault(layer.LayerId) + Shrinkage) / ((layer.Chosen * scale) + Shrinkage)));
        }
    }

    /// <summary>
    /// By slot, "no layer" last: the sum over a user's cohorts of the logarithm of how much likelier they are; null when none is known.
    /// </summary>
    public double[]? For(IReadOnlyList<string> cohorts, LayerView layers)
    {
        ArgumentNullException.ThrowIfNull(cohorts);
        ArgumentNullException.ThrowIfNull(layers);
        double[]? lifts = null;
        foreach (var name in cohorts)
        {
            if (_logarithms.TryGetValue(name, out var cohort))
            {
                lifts ??= new double[layers.Count + 1];
                for (var slot = 0; slot < layers.Count; slot++)
                {
                    lifts[slot] += cohort.GetValueOrDefault(layers.IdOf(slot));
                }
            }
        }

        return lifts;
    }

    // Two users may share a bucket: there are at least so many.
    private static int UsersOf(Policy.Types.Cohort cohort)
    {
        var users = 0;
        foreach (var bits in cohort.Users.Span)
        {
            users += BitOperations.PopCount(bits);
        }

        return users;
    }
}
