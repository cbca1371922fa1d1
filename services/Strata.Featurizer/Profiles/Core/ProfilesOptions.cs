using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Events.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>What a profile remembers, and how events are taken into it.</summary>
public sealed class ProfilesOptions
{
    public const string SectionName = "Featurizer:Profiles";

    /// <summary>Consumer group on events and users.</summary>
    internal const string Group = ConsumerGroups.ProfilesGroup;

    /// <summary>How much an event of each kind says.</summary>
    /// <value>search 0.7, view 0.3, click 1, like 2, cart 3, purchase 5, dismiss -1.</value>
    [Required]
    [ValidateObjectMembers]
    public InterestWeights Weights { get; set; } = new();

    /// <summary>Distinct items remembered.</summary>
    /// <value>The default is 64: what ranking was measured with.</value>
    [Range(1, 64)]
    public int Items { get; set; } = 64;

    /// <summary>Distinct queries remembered, with their vectors of about 0.4 KB each.</summary>
    /// <value>The default is 3.</value>
    [Range(0, 3)]
    public int Queries { get; set; } = 3;

    /// <summary>Terms remembered.</summary>
    /// <value>The default is 64.</value>
    [Range(0, 64)]
    public int Terms { get; set; } = 64;

    /// <summary>Events by whose ids a repeated one is known.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 256)]
    public int Seen { get; set; } = 32;

    /// <summary>Dismissed items remembered that are not among the items.</summary>
    /// <value>The default is 16.</value>
    [Range(0, 64)]
    public int Dismissed { get; set; } = 16;

    /// <summary>
    /// Bytes of a stored profile without its undo log, when ids have at most 12 bytes; a longer id adds its surplus. Positions in the log,
    /// up to six bytes for each item and event id, come on top. A profile that would grow beyond it sheds its lightest terms, older
    /// queries, older event ids, older dismissals, and at last its oldest items. With ids of 6 bytes 64 items fit beside a query; with ids
    /// of 12 bytes about 50.
    /// </summary>
    /// <value>The default is 2,400 bytes.</value>
    [Range(1_024, 65_536)]
    public int MaxBytes { get; set; } = 2_400;

    /// <summary>Half-life of a user's own count of an item.</summary>
    /// <value>The default is 60 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan CountHalfLife { get; set; } = TimeSpan.FromDays(60);

    /// <summary>Half-life of the weight of a term.</summary>
    /// <value>The default is 30 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan TermHalfLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How much event time lies between two touches of an item, or two searches for the same, for the second to count for the layers again.
    /// Within it the second changes the user's own weights only.
    /// </summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan RepeatWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Half-life of the count of a user's points. What a user adds to the layers grows with the logarithm of that count: the point after c
    /// others counts with the chance log2((2 + c) / (1 + c)).
    /// </summary>
    /// <value>The default is 30 days, as of the long weights.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan PointsHalfLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Events of one user whose output may be uncommitted, the length of their undo log; one more waits for the commit.</summary>
    /// <value>The default is 32, about 70 bytes each while they are uncommitted.</value>
    [Range(1, 1_024)]
    public int UndoLimit { get; set; } = 32;

    /// <summary>Events whose activity travels in one delta; it bounds the delta's bytes (about 0.2 KB an event).</summary>
    /// <value>The default is 500.</value>
    [Range(1, 5_000)]
    public int EventsPerDelta { get; set; } = 500;

    /// <summary>
    /// Profiles are written with each batch; what goes on to layers and activity is gathered for so long, since each time it takes a
    /// message for every partition of items. The first after a quiet time goes at once.
    /// </summary>
    /// <value>The default is 200 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CutInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Profiles kept in memory for each partition, about 15 KB each; at least 3, the least that the cache can hold.</summary>
    /// <value>The default is 1,000.</value>
    [Range(3, 1_000_000)]
    public int CachedProfiles { get; set; } = 1_000;

    /// <summary>Item features kept in memory by this process, about 3 KB each; at least 3, the least that the cache can hold.</summary>
    /// <value>The default is 10,000.</value>
    [Range(3, 10_000_000)]
    public int CachedItems { get; set; } = 10_000;

    /// <summary>How long item features are taken from memory before they are read again.</summary>
    /// <value>The default is one minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ItemLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an event waits for the features of its item, which may still be on their way. Afterwards the item enters the profile
    /// without terms and without an interest point. Each wait in vain halves the patience for the next; one that was worth it, or
    /// <see cref="MissMemory"/> without any in vain, restores it: a catalogue that was never put does not stop the stream.
    /// </summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ItemPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nobody waits again for an item that was waited for in vain. It is looked up nevertheless.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MissMemory { get; set; } = TimeSpan.FromMinutes(10);
}

/// <summary>How much an event of each kind says about what a user is interested in.</summary>
public sealed class InterestWeights
{
    /// <summary>Weight of a search.</summary>
    /// <value>The default is 0.7.</value>
    [Range(0.0, 100.0)]
    public float Search { get; set; } = .7f;

    /// <summary>Weight of a view.</summary>
    /// <value>The default is 0.3.</value>
    [Range(0.0, 100.0)]
    public float View { get; set; } = .3f;

    /// <summary>Weight of a click.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 100.0)]
    public float Click { get; set; } = 1;

    /// <summary>Weight of a like.</summary>
    /// <value>The default is 2.</value>
    [Range(0.0, 100.0)]
    public float Like { get; set; } = 2;

    /// <summary>Weight of putting into the cart.</summary>
    /// <value>The default is 3.</value>
    [Range(0.0, 100.0)]
    public float Cart { get; set; } = 3;

    /// <summary>Weight of a purchase.</summary>
    /// <value>The default is 5.</value>
    [Range(0.0, 100.0)]
    public float Purchase { get; set; } = 5;

    /// <summary>Weight of a dismissal: only lowers weights.</summary>
    /// <value>The default is -1.</value>
    [Range(-100.0, 0.0)]
    public float Dismiss { get; set; } = -1;

    /// <summary>Weight of a kind; 0 for an unknown one.</summary>
    public float Of(EventKind kind) => kind switch
    {
        EventKind.Search => Search,
        EventKind.View => View,
        EventKind.Click => Click,
        EventKind.Like => Like,
        EventKind.Cart => Cart,
        EventKind.Purchase => Purchase,
        EventKind.Dismiss => Dismiss,
        _ => 0,
    };
}

[OptionsValidator]
internal sealed partial class ProfilesOptionsValidator : IValidateOptions<ProfilesOptions>;
