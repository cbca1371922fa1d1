using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Clustering.Reducer.Core;

/// <summary>When the layer set is seeded, named and published as a whole.</summary>
public sealed class ReducerOptions
{
    public const string SectionName = "Clustering:Reducer";

    /// <summary>
    /// How long the catalogue is at rest, with all that was put read by Featurizer, before a small one is taken for complete.
    /// </summary>
    /// <value>Default: 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Fewest items to seed layers from.</summary>
    /// <value>Default: 8.</value>
    [Range(2, 1_000_000)]
    public int LeastItems { get; set; } = 8;

    /// <summary>Items that are enough to seed from while the catalogue still grows; 20 for every layer if that is more.</summary>
    /// <value>Default: 4,096.</value>
    [Range(2, 10_000_000)]
    public int EnoughItems { get; set; } = 4096;

    /// <summary>
    /// Share of the catalogue that may change (items new, gone, or of another text) before the layers are seeded anew.
    /// </summary>
    /// <value>Default: 0.1.</value>
    [Range(.001, 1e9)]
    public double ChangeToReseed { get; set; } = .1;

    /// <summary>The same once all items that were put have been read.</summary>
    /// <value>Default: 0.02.</value>
    [Range(.001, 1e9)]
    public double ChangeToReseedAtRest { get; set; } = .02;

    /// <summary>How often each process looks whether the set wants seeding.</summary>
    /// <value>Default: 250 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a process waits for an answer before it asks for a seeding again.</summary>
    /// <value>Default: 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan AskAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Every how many versions all layers are published and not only the changed ones, for readers that come late to a log that is cut
    /// early.
    /// </summary>
    /// <value>Default: 256.</value>
    [Range(1, 100_000)]
    public int AllLayersEvery { get; set; } = 256;

    /// <summary>How often the layers are named anew at most; never more than a twentieth of the time is spent on it.</summary>
    /// <value>Default: 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan NameEvery { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class ReducerOptionsValidator : IValidateOptions<ReducerOptions>;
