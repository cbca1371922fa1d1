using Microsoft.Extensions.Options;
using Strata.Ranking.Candidates;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Serving.Arms;

/// <summary>Experiments must be whole, and what each arm changes must be an option with a value that it may have.</summary>
internal sealed class ExperimentsValidator(ArmOptions<SlateOptions> slates, ArmOptions<CandidateOptions> candidates)
    : IValidateOptions<ExperimentsRead>
{
    public ValidateOptionsResult Validate(string? name, ExperimentsRead options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> faults =
        [
            .. options.Faults,
            .. options.Experiments.SelectMany(experiment => experiment.Arms).SelectMany(arm => FaultsOf(arm.Options)),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> FaultsOf(IConfigurationSection arm)
        => Try(arm.GetSection(ExperimentsRead.Slates), section => slates.Under([section]))
            .Concat(Try(arm.GetSection(ExperimentsRead.Candidates), section => candidates.Under([section])));

    private static IEnumerable<string> Try(IConfigurationSection section, Action<IConfigurationSection> bind)
    {
        try
        {
            bind(section);
            return [];
        }
        catch (OptionsValidationException fault)
        {
            return fault.Failures.Select(failure => $"{section.Path}: {failure}");
        }
        catch (InvalidOperationException fault)
        {
            return [$"{section.Path}: {fault.Message} Take the name and the form that the option has in handbook/options.md."];
        }
    }
}
