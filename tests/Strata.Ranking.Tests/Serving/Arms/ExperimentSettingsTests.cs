using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Ranking.Candidates;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Serving.Arms;

/// <summary>Experiments as a process reads them at its start.</summary>
[Trait("height", "harness")]
public sealed class ExperimentSettingsTests
{
    private const string At = "Ranking:Experiments:layers";

    private static readonly KeyValuePair<string, string?>[] Whole =
    [
        new($"{At}:Salt", "spring"),
        new($"{At}:Arms:control:Share", "0.5"),
        new($"{At}:Arms:one-interest:Share", "0.5"),
        new($"{At}:Arms:one-interest:Options:Slates:OneInterest", "true"),
        new($"{At}:Arms:one-interest:Options:candidates:Sources:0", "fresh"),
        new("Ranking:Slates:Exploration", "0.3"),
        new("Ranking:Candidates:Sources:0", "popular_7d"),
        new("Ranking:Candidates:Sources:1", "fresh"),
    ];

    [Fact]
    public void Start_WholeExperiment_PutsAnArmsOptionsOverEverybodys()
    {
        using var host = RankingServicesTests.Build(Whole);
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        var arms = host.Services.GetRequiredService<ServingArms>();

        var byArm = Enumerable.Range(0, 100).Select(user => arms.Of($"{user}")).DistinctBy(arm => arm.Names.Single().Arm)
            .ToDictionary(arm => arm.Names.Single().Arm, arm => arm.Slates);

        Assert.Equal((true, 0.3), (byArm["one-interest"].OneInterest, byArm["one-interest"].Exploration));
        Assert.Equal((false, 0.3), (byArm["control"].OneInterest, byArm["control"].Exploration));
        Assert.False(host.Services.GetRequiredService<IOptions<SlateOptions>>().Value.OneInterest);
        Assert.Empty(arms.Of("").Names);
        var candidates = host.Services.GetRequiredService<ArmOptions<CandidateOptions>>();
        var own = arms.Experiments[0].Arms.Single(arm => arm.Name == "one-interest").Options.GetSection(ExperimentsRead.Candidates);
        Assert.Equal(["fresh"], candidates.Under([own]).Sources);
    }

    [Fact]
    public void Start_TwoExperiments_AUserMayBeInBoth()
    {
        using var host = RankingServicesTests.Build(
        [
            .. Whole,
            new("Ranking:Experiments:bold:Salt", "summer"),
            new("Ranking:Experiments:bold:Baseline", "usual"),
            new("Ranking:Experiments:bold:Arms:usual:Share", "0.4"),
            new("Ranking:Experiments:bold:Arms:bold:Share", "0.4"),
            new("Ranking:Experiments:bold:Arms:bold:Options:Slates:Exploration", "0.9"),
        ]);
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        var arms = host.Services.GetRequiredService<ServingArms>();

        var both = Enumerable.Range(0, 200).Select(user => arms.Of($"{user}"))
            .Where(arm => arm.Names.Any(name => name.Arm == "bold") && arm.Names.Any(name => name.Arm == "one-interest")).ToList();

        Assert.NotEmpty(both);
        Assert.All(both, arm => Assert.Equal((true, 0.9), (arm.Slates.OneInterest, arm.Slates.Exploration)));
        Assert.Contains(Enumerable.Range(0, 200).Select(user => arms.Of($"{user}")), arm => arm.Names.Count == 1);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Start_ManyExperiments_FiveOfTwoArmsAreTheMost(int experiments, bool fits)
    {
        using var host = RankingServicesTests.Build([.. Enumerable.Range(0, experiments).SelectMany(i => new KeyValuePair<string, string?>[]
        {
            new($"Ranking:Experiments:e{i}:Salt", $"salt {i}"),
            new($"Ranking:Experiments:e{i}:Arms:control:Share", "0.5"),
            new($"Ranking:Experiments:e{i}:Arms:other:Share", "0.5"),
        })]);

        var fault = Record.Exception(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(fits, fault is null);
        Assert.Contains(fits ? "" : "6 experiments have 729 choices", fault?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"{At}:Salt", "", "Salt is missing")]
    [InlineData($"{At}:Baseline", "nobody", "Baseline is 'nobody'", "control, one-interest")]
    [InlineData($"{At}:Arms:control:Share", "0.6", "sum to 1.1")]
    [InlineData($"{At}:Arms:control:Share", "half", "control:Share is 'half'")]
    [InlineData($"{At}:Arms:control:Share", "0", "control:Share is '0'")]
    [InlineData($"{At}:Arms:Bad Name:Share", "0.1", "'Bad Name'", "a to z")]
    [InlineData($"{At}:Arms:control:Weight", "3", "control:Weight", "Share, Options")]
    [InlineData($"{At}:Until", "May", "layers:Until", "Salt, Baseline, Arms")]
    [InlineData($"{At}:Arms:control:Options:Slates:Explore", "0.5", "control:Options:Slates", "Explore", "handbook/options.md")]
    [InlineData($"{At}:Arms:control:Options:Slates:Exploration", "1.5", "control:Options:Slates", "Exploration")]
    [InlineData($"{At}:Arms:control:Options:Slates:Exploration", "much", "control:Options:Slates", "Exploration")]
    [InlineData($"{At}:Arms:control:Options:Candidates:Sources:0", "freshest", "control:Options:Candidates", "freshest")]
    [InlineData($"{At}:Arms:control:Options:Index:TopItems", "600", "control:Options:Index", "the process's")]
    [InlineData("Ranking:Experiments:lonely:Salt", "spring", "lonely:Arms has 0", "lonely:Salt is that of layers")]
    [InlineData("Ranking:Experiments:b:Arms:control:Options:Slates:OneInterest", "true", "Slates:OneInterest is changed by b too")]
    public void Start_WrongExperiment_SaysWhichFieldAndWhatToDo(string key, string value, params string[] said)
    {
        using var host = RankingServicesTests.Build([.. Whole.Where(pair => pair.Key != key), new(key, value)]);

        var fault = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.All(said, words => Assert.Contains(words, fault.Message, StringComparison.Ordinal));
    }
}
