using Strata.Contracts.Ranking.V1;

namespace Strata.Ranking.Serving.Arms;

/// <summary>
/// By user, what their requests are made with. A user may be in one arm of each experiment; every choice of arms is made once, at the
/// start.
/// </summary>
internal sealed class ServingArms
{
    private readonly ServingArm _usual;
    private readonly ServingArm[] _choices;

    /// <param name="usual">What holds for who is in no arm.</param>
    /// <param name="experiments">The experiments.</param>
    /// <param name="make">Makes what holds for a choice of arms.</param>
    public ServingArms(
        ServingArm usual,
        IReadOnlyList<Experiment> experiments,
        Func<IReadOnlyList<ExperimentArm>, IReadOnlyList<IConfigurationSection>, ServingArm> make)
    {
        (_usual, Experiments) = (usual, experiments);
        _choices = new ServingArm[experiments.Aggregate(1, (all, experiment) => all * (experiment.Arms.Count + 1))];
        for (var choice = 0; choice < _choices.Length; choice++)
        {
            var (names, options, rest) = (new List<ExperimentArm>(), new List<IConfigurationSection>(), choice);
            foreach (var experiment in experiments)
            {
                (rest, var at) = Math.DivRem(rest, experiment.Arms.Count + 1);
                if (at < experiment.Arms.Count)
                {
                    names.Add(new ExperimentArm { Experiment = experiment.Name, Arm = experiment.Arms[at].Name });
                    options.Add(experiment.Arms[at].Options);
                }
            }

            _choices[choice] = names.Count == 0 ? usual : make(names, options);
        }
    }

    /// <summary>The experiments, by name.</summary>
    public IReadOnlyList<Experiment> Experiments { get; }

    /// <summary>What a user's requests are made with.</summary>
    /// <param name="userId">Their id, as callers send it: a new pseudonym moves nobody. Empty: nobody, who is in no arm.</param>
    public ServingArm Of(string userId)
    {
        if (userId.Length == 0 || Experiments.Count == 0)
        {
            return _usual;
        }

        var (choice, step) = (0, 1);
        foreach (var experiment in Experiments)
        {
            choice += step * experiment.ArmOf(userId);
            step *= experiment.Arms.Count + 1;
        }

        return _choices[choice];
    }
}
