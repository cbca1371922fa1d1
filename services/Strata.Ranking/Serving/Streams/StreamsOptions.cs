using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Serving.Streams;

/// <summary>How slates are streamed.</summary>
public sealed class StreamsOptions
{
    public const string SectionName = "Ranking:Streams";

    /// <summary>
    /// Time between two looks of a stream at the user and the catalogue, and so at least between two slates. A look at which nothing
    /// changed costs a read of the store, any other a slate.
    /// </summary>
    /// <value>1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Pace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After which time without a message an empty one is sent, so that nobody between takes the connection for dead. The slate is made
    /// then, whatever changed: what is announced for a time may have come.
    /// </summary>
    /// <value>15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After which time a stream ends, with OK: its caller comes again, perhaps to another instance, and with a key that counts.
    /// </summary>
    /// <value>1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Streams at a time of one key or subject of tokens, in each process; one more ends with RESOURCE_EXHAUSTED.</summary>
    /// <value>200.</value>
    [Range(1, 1_000_000)]
    public int MaxPerCaller { get; set; } = 200;

    /// <summary>Streams at a time in each process; one more ends with RESOURCE_EXHAUSTED.</summary>
    /// <value>1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxStreams { get; set; } = 1_000;
}

[OptionsValidator]
internal sealed partial class StreamsOptionsValidator : IValidateOptions<StreamsOptions>;
