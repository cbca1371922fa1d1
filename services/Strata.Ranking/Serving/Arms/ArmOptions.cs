using Microsoft.Extensions.Options;
using Strata.Ranking.Candidates;

namespace Strata.Ranking.Serving.Arms;

/// <summary>Options as everybody has them, with what arms change on top, checked by the rules that hold for all.</summary>
internal sealed class ArmOptions<TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups,
    IEnumerable<IPostConfigureOptions<TOptions>> afterwards,
    IEnumerable<IValidateOptions<TOptions>> rules)
    where TOptions : class
{
    /// <summary>The options under what the sections say, the later over the earlier.</summary>
    /// <exception cref="InvalidOperationException">A section has a key that is no option, or a value that cannot be read.</exception>
    /// <exception cref="OptionsValidationException">A value breaks a rule.</exception>
    public TOptions Under(IEnumerable<IConfigurationSection> sections)
        => new OptionsFactory<TOptions>(
            [.. setups, .. sections.Select(section => new ConfigureOptions<TOptions>(options => Bind(section, options)))],
            afterwards,
            rules).Create(Options.DefaultName);

    private static void Bind(IConfigurationSection section, TOptions options)
    {
        if (options is CandidateOptions candidates && section.GetSection(nameof(CandidateOptions.Sources)).Exists())
        {
            // A list is added to where it is bound, and the arm's stands instead.
            candidates.Sources = [];
        }

        section.Bind(options, binding => binding.ErrorOnUnknownConfiguration = true);
    }
}
