using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Serving.Rules;

/// <summary>A rule of an operator, <c>Ranking:Rules:NAME</c>.</summary>
internal sealed class RuleOptions
{
    /// <summary>What it does with the items that it speaks of.</summary>
    [Required]
    [EnumDataType(typeof(SlateRuleAction))]
    public SlateRuleAction? Action { get; set; }

    /// <summary>Positions that a pin fills, or items of a slate that a cap allows.</summary>
    [Range(1, 100)]
    public int? Places { get; set; }

    /// <summary>Placements whose slates it holds for; none: all.</summary>
    [MaxLength(64)]
    public IList<string> Placements { get; } = [];

    /// <summary>Since when; null: since ever.</summary>
    public DateTimeOffset? From { get; set; }

    /// <summary>Until when, that moment apart; null: for good.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>Which items it speaks of: those that are all of this.</summary>
    [Required]
    [ValidateObjectMembers]
    public RuleItems? Items { get; set; } = new();
}

/// <summary>Which items a rule speaks of, as a request's filter names them.</summary>
internal sealed class RuleItems
{
    /// <summary>In one of these categories.</summary>
    public IList<string> Categories { get; } = [];

    /// <summary>With one of these tags.</summary>
    public IList<string> Tags { get; } = [];

    /// <summary>With all of these attributes, whatever their values.</summary>
    public IList<string> HasAttributes { get; } = [];

    /// <summary>By attribute the values of which it has one.</summary>
    public IDictionary<string, IList<string>> Attributes { get; } = new Dictionary<string, IList<string>>(StringComparer.Ordinal);

    /// <summary>Which can be had so: in_stock and so on, as the catalogue has it.</summary>
    public IList<string> Availability { get; } = [];

    /// <summary>At this price or above.</summary>
    [Range(0, double.MaxValue)]
    public double? MinPrice { get; set; }

    /// <summary>At this price or below.</summary>
    [Range(0, double.MaxValue)]
    public double? MaxPrice { get; set; }

    /// <summary>Priced in this currency; with a least or a largest price.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string? Currency { get; set; }
}

[OptionsValidator]
internal sealed partial class RuleOptionsValidator : IValidateOptions<RuleOptions>;
