using System.IO.Hashing;
using System.Text;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>An event with what is known of its subject: all that the step from profile to profile looks at.</summary>
/// <param name="Offset">Offset in strata.events.v1.</param>
/// <param name="IdHash">XXH64 of the event's id; 0: it has none and is never a duplicate.</param>
/// <param name="Kind">What the user did.</param>
/// <param name="TimeUnixMs">Event time.</param>
/// <param name="ItemId">Item; empty for searches.</param>
/// <param name="Query">What was typed; empty for all but searches.</param>
/// <param name="Terms">Term frequencies of the item or the query; empty when unknown.</param>
/// <param name="Vector">Embedding of the item, or of the query less the mean of plain queries; null when unknown.</param>
/// <param name="Control">What the user wants of a layer; null for all but controls.</param>
public readonly record struct ProfileAct(
    long Offset,
    ulong IdHash,
    EventKind Kind,
    long TimeUnixMs,
    string ItemId,
    string Query,
    IReadOnlyList<TermWeight> Terms,
    Vector? Vector,
    LayerControl? Control = null)
{
    /// <summary>True when the act counts for the item's activity: all but searches, dismissals and controls.</summary>
    public bool Touches => Kind is not (EventKind.Search or EventKind.Dismiss or EventKind.Control);

    /// <summary>False for a query without a term that says anything ("?", "the"): nobody is known better by it.</summary>
    public bool Says => Kind != EventKind.Search || Terms.Count > 0;

    public static ulong HashOf(string eventId)
        => string.IsNullOrEmpty(eventId) ? 0 : XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(eventId));
}

/// <summary>What is known of the subject of an event.</summary>
/// <param name="Terms">Terms of the item or the query.</param>
/// <param name="Vector">Its own vector; of a query less the mean of plain queries.</param>
/// <param name="Point">Where its interest point lies: the item's vector, or the mean of the items that answer the query.</param>
/// <param name="Encoder">Name of the encoder in whose space that is; empty when unknown.</param>
/// <param name="AnsweredBy">The item that answers the query best; null: none, or it is no query.</param>
internal readonly record struct Subject(
    IReadOnlyList<TermWeight> Terms, Vector? Vector, Vector? Point, string Encoder, string? AnsweredBy = null)
{
    public static Subject Unknown { get; } = new([], null, null, "");

    /// <summary>The interest point of an act on it.</summary>
    public InterestPoint PointOf(string userId, in ProfileAct act, float weight, bool userOnly)
    {
        var point = new InterestPoint
        {
            UserId = userId,
            Kind = act.Kind,
            Weight = weight,
            Vector = Point,
            EventTimeUnixMs = act.TimeUnixMs,
            EventOffset = act.Offset,
            UserOnly = userOnly,
            Encoder = Encoder,
        };
        if (act.Kind == EventKind.Search)
        {
            point.Query = act.Query;
            point.AnsweredBy = AnsweredBy ?? "";
        }
        else
        {
            point.ItemId = act.ItemId;
        }

        return point;
    }
}
