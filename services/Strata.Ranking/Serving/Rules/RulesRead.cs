using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Serving.Rules;

/// <summary>The rules of operators in the settings, and what is wrong with them.</summary>
internal sealed class RulesRead
{
    /// <summary>Where rules stand in the settings.</summary>
    public const string SectionName = "Ranking:Rules";

    // Each costs every request a look at its candidates.
    private const int Most = 64;

    private readonly List<(RuleOptions Options, SlateRule Rule)> _rules = [];
    private readonly List<string> _faults = [];

    /// <summary>What is wrong, in words.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads all of them.</summary>
    public void Read(IConfigurationSection section)
    {
        foreach (var child in section.GetChildren().OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            var (options, faults) = (new RuleOptions(), _faults.Count);

            // Settings know no empty list.
            _faults.AddRange(child.GetSection("Items:Attributes").GetChildren().Where(named => !named.GetChildren().Any())
                .Select(named => $"{named.Path} has no value: give some, or name the attribute in HasAttributes"));
            if (_faults.Count > faults)
            {
                continue;
            }

            try
            {
                child.Bind(options, binding => binding.ErrorOnUnknownConfiguration = true);
            }
            catch (InvalidOperationException fault)
            {
                _faults.Add($"{child.Path}: {fault.Message} Take the names and forms of infra/handbook/rules.md.");
                continue;
            }

            var filter = FilterOf(child, options.Items ?? new RuleItems());
            Check(child, options);
            Require(ItemConditions.Of(filter) is not null, $"{child.Path}:Items names nothing: say which items the rule speaks of");
            if (_faults.Count == faults)
            {
                _rules.Add((options, new SlateRule(child.Key, options.Action!.Value, options.Places ?? 1, ItemConditions.Of(filter)!)));
            }
        }

        Require(
            _rules.Count <= Most,
            $"{SectionName} has {_rules.Count} rules; {Most} can be there at once, those whose time is over counted: take some out");
    }

    /// <summary>The rules that hold for a slate, by name; null: none.</summary>
    /// <param name="placement">Where it is shown.</param>
    /// <param name="now">When.</param>
    public IReadOnlyList<SlateRule>? For(string placement, DateTimeOffset now)
    {
        List<SlateRule>? rules = null;
        foreach (var (options, rule) in _rules)
        {
            if (!(now < options.From) && !(now >= options.Until)
                && (options.Placements.Count == 0 || options.Placements.Contains(placement)))
            {
                (rules ??= []).Add(rule);
            }
        }

        return rules;
    }

    private ItemFilter FilterOf(IConfigurationSection section, RuleItems items)
    {
        var filter = new ItemFilter { Currency = items.Currency ?? "" };
        filter.Categories.AddRange(items.Categories);
        filter.Tags.AddRange(items.Tags);
        foreach (var word in items.Availability)
        {
            var known = Enum.TryParse<Availability>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var availability)
                && Enum.IsDefined(availability);
            Require(
                known,
                $"{section.Path}:Items:Availability has '{word}', which is none: give in_stock, out_of_stock, preorder, backorder, "
                    + "discontinued or unspecified");
            filter.Availability.Add(availability);
        }

        foreach (var (name, values) in items.Attributes)
        {
            filter.Attributes.Add(new AttributeFilter { Name = name, AnyOf = { values } });
        }

        filter.Attributes.Add(items.HasAttributes.Select(name => new AttributeFilter { Name = name }));

        if (items.MinPrice is { } min)
        {
            filter.MinPrice = min;
        }

        if (items.MaxPrice is { } max)
        {
            filter.MaxPrice = max;
        }

        return filter;
    }

    private void Check(IConfigurationSection section, RuleOptions options)
    {
        if (new RuleOptionsValidator().Validate(Options.DefaultName, options) is { Failed: true } result)
        {
            _faults.AddRange(result.Failures!.Select(failure => $"{section.Path}: {failure}"));
        }

        Require(
            ExperimentNames.IsName(section.Key),
            $"{section.Path}: '{section.Key}' is no name of a rule: take 1 to 64 of a to z, 0 to 9 and -");
        Require(
            options.Action == SlateRuleAction.Bury ? options.Places is null : options.Action is null || options.Places is not null,
            options.Action == SlateRuleAction.Bury
                ? $"{section.Path}:Places says nothing of what is buried: leave it out"
                : $"{section.Path}:Places is missing: say how many positions a pin fills, or how many items a cap allows, 1 to 100");
        Require(!(options.Until <= options.From), $"{section.Path}:Until is not after From: the rule would never hold");
        Require(
            options.Items?.Currency is null || options.Items.MinPrice is not null || options.Items.MaxPrice is not null,
            $"{section.Path}:Items:Currency alone holds for what has no price too: give MinPrice, 0 for any price");
        Require(
            !(options.Items?.MaxPrice < options.Items?.MinPrice),
            $"{section.Path}:Items:MaxPrice is below MinPrice: no item costs that");
    }

    private void Require(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }
}

/// <summary>Rules must be whole.</summary>
internal sealed class RulesValidator : IValidateOptions<RulesRead>
{
    public ValidateOptionsResult Validate(string? name, RulesRead options)
        => options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
}
