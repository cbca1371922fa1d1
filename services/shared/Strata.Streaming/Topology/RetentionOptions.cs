using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using Strata.Contracts;

namespace Strata.Streaming.Topology;

/// <summary>
/// How long records stay on the topics that forget by age. What is set is set on the topic, too, by a process that makes topics
/// (<c>Streaming:CreateTopics</c>), at its start; a topic of which nothing is said is made as planned and stays as it is.
/// </summary>
public sealed class RetentionOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Streaming:Retention";

    private const string Least = "01:00:00";
    private const string Most = "3650.00:00:00";

    /// <summary>Acts, queries and controls.</summary>
    /// <value>Null: made with 7 days.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? Events { get; set; }

    /// <summary>Acts as points.</summary>
    /// <value>Null: made with 1 day.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? InterestPoints { get; set; }

    /// <summary>What acts added to items.</summary>
    /// <value>Null: made with 1 day.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? ActivityDeltas { get; set; }

    /// <summary>What points added to layers, and commands.</summary>
    /// <value>Null: made with 1 day.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? LayerDeltas { get; set; }

    /// <summary>Slates that were shown.</summary>
    /// <value>Null: made with 7 days.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? Impressions { get; set; }

    /// <summary>Examples to learn from.</summary>
    /// <value>Null: made with 1 day.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? Training { get; set; }

    /// <summary>Acts that look like a robot's.</summary>
    /// <value>Null: made with 7 days.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? Quarantine { get; set; }

    /// <summary>What could not be read, of every topic.</summary>
    /// <value>Null: made with 30 days.</value>
    [Range(typeof(TimeSpan), Least, Most)]
    public TimeSpan? DeadLetters { get; set; }

    /// <summary>The longest of what is said; null: nothing is.</summary>
    public TimeSpan? Longest
        => new[] { Events, InterestPoints, ActivityDeltas, LayerDeltas, Impressions, Training, Quarantine, DeadLetters }.Max();

    /// <summary>What is said of a topic; null: nothing is, or it is compacted.</summary>
    public TimeSpan? Of(string topic) => topic switch
    {
        Topics.Events => Events,
        Topics.InterestPoints => InterestPoints,
        Topics.ActivityDeltas => ActivityDeltas,
        Topics.LayerDeltas => LayerDeltas,
        Topics.Impressions => Impressions,
        Topics.Training => Training,
        _ when topic == Topics.Quarantine.Name => Quarantine,
        _ when Topics.All.Any(spec => spec.DeadLetters == topic) => DeadLetters,
        _ => null,
    };

    /// <summary>
    /// As the environment says it to a service (<c>Streaming__Retention__Events=3.00:00:00</c>), for tools beside the services.
    /// </summary>
    /// <exception cref="InvalidDataException">A value is no time.</exception>
    public static RetentionOptions OfEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new RetentionOptions
        {
            Events = Time(nameof(Events)),
            InterestPoints = Time(nameof(InterestPoints)),
            ActivityDeltas = Time(nameof(ActivityDeltas)),
            LayerDeltas = Time(nameof(LayerDeltas)),
            Impressions = Time(nameof(Impressions)),
            Training = Time(nameof(Training)),
            Quarantine = Time(nameof(Quarantine)),
            DeadLetters = Time(nameof(DeadLetters)),
        };

        TimeSpan? Time(string name)
        {
            var key = $"{SectionName.Replace(":", "__", StringComparison.Ordinal)}__{name}";
            return variable(key) is not { Length: > 0 } text ? null
                : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time
                : throw new InvalidDataException($"{key} = {text} is no time: write days.hours:minutes:seconds, 3.00:00:00 for three days");
        }
    }
}

[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
