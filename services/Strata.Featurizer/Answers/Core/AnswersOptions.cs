using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Answers.Core;

/// <summary>What a query is taken as: the weighted mean of the items that answer it.</summary>
public sealed class AnswersOptions
{
    public const string SectionName = "Featurizer:Answers";

    /// <summary>Items that answer a query, nearest first.</summary>
    /// <value>The default is 20.</value>
    [Range(1, 1_000)]
    public int Items { get; set; } = 20;

    /// <summary>
    /// Items that a query is compared with, those in the lists nearest to it: a catalogue of up to as many is searched whole. More find
    /// more of the nearest, at .05 to .1 ms of CPU a thousand.
    /// </summary>
    /// <value>The default is 20,000.</value>
    [Range(100, 1_000_000_000)]
    public int Compared { get; set; } = 20_000;

    /// <summary>Difference of cosines at which an answer counts e times as much as the next.</summary>
    /// <value>The default is 0.05.</value>
    [Range(.001, 10)]
    public double Temperature { get; set; } = .05;

    /// <summary>
    /// Cosine of query and item, each less the mean of its kind, below which an item answers nothing. A query without an answer says
    /// nothing about interests.
    /// </summary>
    /// <value>The default is 0.24: of 357 queries that the sample's shop answers one lies below, of 15 that it does not none above.</value>
    [Range(-1, 1)]
    public double LeastCosine { get; set; } = .24;
}

[OptionsValidator]
internal sealed partial class AnswersOptionsValidator : IValidateOptions<AnswersOptions>;
