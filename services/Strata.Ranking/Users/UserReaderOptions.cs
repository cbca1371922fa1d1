using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Users;

/// <summary>How long a request may wait for the state of its user.</summary>
public sealed class UserReaderOptions
{
    public const string SectionName = "Ranking:Serving";

    /// <summary>Time for reading the user's state. Afterwards the slate is made without it.</summary>
    /// <value>100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The same for requests that have no answer without the user's state: their layers, explanations, controls. Afterwards they fail as
    /// UNAVAILABLE.
    /// </summary>
    /// <value>2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RequiredStoreTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time that a request with an as-of token waits for its event at most; its own deadline ends it sooner.</summary>
    /// <value>5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan AsOfTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause before looking again for an as-of token's event; it grows by half each time, up to ten times this.</summary>
    /// <value>5 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan AsOfPoll { get; set; } = TimeSpan.FromMilliseconds(5);
}

[OptionsValidator]
internal sealed partial class UserReaderOptionsValidator : IValidateOptions<UserReaderOptions>;
