using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Edge.Rates;

/// <summary>How much of the system one user, and one caller, may take.</summary>
public sealed class RatesOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Rates";

    /// <summary>
    /// Events and controls of one user taken a second, over some time. More end with RESOURCE_EXHAUSTED: all events of a user are worked
    /// off by one partition's owner, where those of others wait behind them. Each process counts for itself. 0: no limit, for a replay of
    /// what happened over years.
    /// </summary>
    /// <value>The default is 200.</value>
    [Range(0, 1_000_000)]
    public int UserEventsPerSecond { get; set; } = 200;

    /// <summary>Events and controls of one user taken at once, for whom did nothing before.</summary>
    /// <value>The default is 2,000.</value>
    [Range(1, 10_000_000)]
    public int UserEventBurst { get; set; } = 2_000;

    /// <summary>
    /// Calls with one key, or by one subject of tokens, taken a second, over some time, and messages of its streams; a batch counts as its
    /// events, RecommendMany as its users. More calls end with RESOURCE_EXHAUSTED; a stream is read no faster. Each process counts for
    /// itself. 0: no limit.
    /// </summary>
    /// <value>The default is 2,000.</value>
    [Range(0, 1_000_000)]
    public int KeyCallsPerSecond { get; set; } = 2_000;

    /// <summary>Calls and messages with one key taken at once, where nothing came before.</summary>
    /// <value>The default is 10,000.</value>
    [Range(1, 10_000_000)]
    public int KeyCallBurst { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class RatesOptionsValidator : IValidateOptions<RatesOptions>;
