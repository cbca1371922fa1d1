using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ingestion.Events.Core;

/// <summary>Limits of events.</summary>
public sealed class EventOptions
{
    public const string SectionName = "Ingestion:Events";

    /// <summary>Longest user_id, item_id and request_id, in characters.</summary>
    /// <value>The default is 128.</value>
    [Range(1, 1024)]
    public int MaxIdLength { get; set; } = 128;

    /// <summary>Longest event_id, in characters.</summary>
    /// <value>The default is 64.</value>
    [Range(36, 1024)]
    public int MaxEventIdLength { get; set; } = 64;

    /// <summary>Longest query, in characters.</summary>
    /// <value>The default is 512.</value>
    [Range(1, 65_536)]
    public int MaxQueryLength { get; set; } = 512;

    /// <summary>
    /// How far a producer's clock may run ahead. An event from within it is dated by its receipt; one from beyond it is refused.
    /// </summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Oldest event time taken: what is older is a wrong unit or a missing value.</summary>
    /// <value>The default is 2000-01-01T00:00:00Z.</value>
    public DateTimeOffset Oldest { get; set; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Events of one stream that wait for the broker at the same time; beyond it reading stops until answers are out.</summary>
    /// <value>The default is 1,024.</value>
    [Range(1, 100_000)]
    public int MaxInFlight { get; set; } = 1024;

    /// <summary>Most events of one call of PublishBatch.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 1000;

    /// <summary>Most lines of one call of /v1/events:batch that hold an event.</summary>
    /// <value>The default is 10,000.</value>
    [Range(1, 100_000)]
    public int MaxLines { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class EventOptionsValidator : IValidateOptions<EventOptions>;
