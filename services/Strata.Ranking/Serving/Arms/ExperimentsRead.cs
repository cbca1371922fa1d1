using System.Globalization;
using Strata.Contracts;

namespace Strata.Ranking.Serving.Arms;

/// <summary>
/// The experiments of the settings, <c>Ranking:Experiments:NAME</c>: <c>Salt</c>, <c>Baseline</c> ("control" where it is left out) and
/// <c>Arms:ARM:Share</c> and <c>Arms:ARM:Options:…</c>, and what is wrong with them.
/// </summary>
internal sealed class ExperimentsRead
{
    /// <summary>Where experiments stand in the settings.</summary>
    public const string SectionName = "Ranking:Experiments";

    /// <summary>Options under these names are a request's own, and may differ from arm to arm.</summary>
    public const string Slates = "Slates";

    /// <summary>See <see cref="Slates"/>.</summary>
    public const string Candidates = "Candidates";

    // Choices of arms that are made at the start.
    private const int MostChoices = 256;

    private const string DefaultBaseline = "control";

    private const double Rounding = 1e-9;

    private readonly List<Experiment> _experiments = [];
    private readonly List<string> _faults = [];

    /// <summary>By name.</summary>
    internal IReadOnlyList<Experiment> Experiments => _experiments;

    /// <summary>What is wrong, in words.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads all of them.</summary>
    public void Read(IConfigurationSection section)
    {
        foreach (var experiment in section.GetChildren().OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            Experiment read = new(
                experiment.Key,
                experiment["Salt"] ?? "",
                experiment["Baseline"] is { Length: > 0 } baseline ? baseline : DefaultBaseline,
                [
                    .. experiment.GetSection("Arms").GetChildren().OrderBy(arm => arm.Key, StringComparer.Ordinal)
                        .Select(arm => new ExperimentShare(arm.Key, ShareOf(arm), arm.GetSection("Options"))),
                ]);
            Check(experiment, read);
            _experiments.Add(read);
        }

        var choices = _experiments.Aggregate(1.0, (all, experiment) => all * (experiment.Arms.Count + 1));
        Require(
            choices <= MostChoices,
            $"{SectionName}: {_experiments.Count} experiments have {choices:0} choices of arms, each with none counted; there can be "
                + $"{MostChoices}, which is five experiments of two arms: end some");
    }

    private double ShareOf(IConfigurationSection arm)
    {
        var read = double.TryParse(arm["Share"], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1;
        Require(read, $"{arm.Path}:Share is '{arm["Share"]}': give the part of all users that falls in the arm, above 0 and up to 1");
        return read ? share : 0;
    }

    private void Check(IConfigurationSection section, Experiment experiment)
    {
        var (path, arms) = (section.Path, section.GetSection("Arms").GetChildren().ToList());
        RequireName(section);
        RequireKnown(section, "Salt", "Baseline", "Arms");
        Require(experiment.Salt.Length > 0, $"{path}:Salt is missing: give a text of its own, and keep it as long as the experiment runs");
        var twin = _experiments.Find(other => other.Salt.Length > 0 && other.Salt == experiment.Salt);
        Require(twin is null, $"{path}:Salt is that of {twin?.Name}: users would fall in both alike; give it one of its own");
        Require(arms.Count >= 2, $"{path}:Arms has {arms.Count}: give at least two arms to compare");
        var sum = experiment.Arms.Sum(arm => arm.Share);
        Require(
            sum <= 1 + Rounding,
            string.Create(CultureInfo.InvariantCulture, $"{path}:Arms: the shares sum to {sum:0.####}: make it 1 at most"));
        Require(
            arms.Count == 0 || experiment.Arms.Any(arm => arm.Name == experiment.Baseline),
            $"{path}:Baseline is '{experiment.Baseline}', which is none of its arms: name one of "
                + string.Join(", ", experiment.Arms.Select(arm => arm.Name)));
        foreach (var arm in arms)
        {
            RequireName(arm);
            RequireKnown(arm, "Share", "Options");
            foreach (var options in arm.GetSection("Options").GetChildren().Where(options => !IsOfARequest(options.Key)))
            {
                _faults.Add(
                    $"{options.Path}: an arm may change what stands under Ranking:{Slates} and Ranking:{Candidates}, which a request is "
                        + "made with; all else is the process's: take it out of the arm");
            }
        }

        foreach (var other in _experiments)
        {
            _faults.AddRange(KeysOf(other).Intersect(KeysOf(experiment), StringComparer.OrdinalIgnoreCase).Select(key =>
                $"{path}: {key} is changed by {other.Name} too, and a user may be in both: change it in one of them"));
        }
    }

    // Settings know no case.
    private static bool IsOfARequest(string key)
        => key.Equals(Slates, StringComparison.OrdinalIgnoreCase) || key.Equals(Candidates, StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> KeysOf(Experiment experiment)
        => new(
            experiment.Arms.SelectMany(arm => arm.Options.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null))
                .Select(pair => pair.Key),
            StringComparer.OrdinalIgnoreCase);

    private void RequireName(IConfigurationSection section)
        => Require(
            ExperimentNames.IsName(section.Key),
            $"{section.Path}: '{section.Key}' is no name of an experiment or an arm: take 1 to 64 of a to z, 0 to 9 and -");

    private void RequireKnown(IConfigurationSection section, params string[] known)
    {
        foreach (var child in section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _faults.Add($"{child.Path} is no setting of an experiment: there are {string.Join(", ", known)}");
        }
    }

    private void Require(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }
}
