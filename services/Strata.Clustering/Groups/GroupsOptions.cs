using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Clustering.Groups;

/// <summary>How layers are grouped.</summary>
public sealed class GroupsOptions
{
    public const string SectionName = "Clustering:Groups";

    /// <summary>Small groups.</summary>
    /// <value>Default: none, which means ⌈K^⅔⌉ for K layers: with as many layers a group as groups a parent.</value>
    [Range(1, 8192)]
    public int? Groups { get; set; }

    /// <summary>Large groups, each of whole small ones.</summary>
    /// <value>Default: none, which means ⌈K^⅓⌉ for K layers.</value>
    [Range(1, 8192)]
    public int? Parents { get; set; }

    /// <summary>Cosine distance within which layers are neighbours in one shape.</summary>
    /// <value>Default: none, which means the knee of the layers' distances to their nearest layer.</value>
    [Range(0.0, 2.0)]
    public double? ShapeDistance { get; set; }

    /// <summary>
    /// Weight within that distance that makes a layer part of a shape by itself, in mean layer weights: below it a layer without heavier
    /// neighbours is noise.
    /// </summary>
    /// <value>Default: 1.</value>
    [Range(0.0, 1000.0)]
    public double ShapeWeight { get; set; } = 1;

    /// <summary>Small groups of <paramref name="layers"/> layers.</summary>
    public int GroupsFor(int layers) => Math.Min(layers, Groups ?? Root(layers, 2.0 / 3));

    /// <summary>Large groups of <paramref name="layers"/> layers, never more than small ones.</summary>
    public int ParentsFor(int layers) => Math.Min(GroupsFor(layers), Parents ?? Root(layers, 1.0 / 3));

    // The cube root of 64 is 4 and a rounding error.
    private static int Root(int layers, double power) => (int)Math.Ceiling(Math.Pow(layers, power) - 1e-9);
}

[OptionsValidator]
internal sealed partial class GroupsOptionsValidator : IValidateOptions<GroupsOptions>;
