using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;

namespace Strata.ServiceDefaults.HandingOver;

/// <summary>
/// The orders by which what is held under one name goes on under another: one among the events, which Featurizer follows and passes on to
/// Clustering, and one among the impressions, for Optimizer. Both under the name that hands over. Given twice they do nothing more. Pure.
/// </summary>
/// <param name="From">Who hands over.</param>
/// <param name="To">Who takes over.</param>
/// <param name="SameUser">Both are names of one user.</param>
/// <param name="Asked">When it was asked for.</param>
public sealed record HandOverOrders(string From, string To, bool SameUser, DateTimeOffset Asked)
{
    /// <summary>For strata.events.v1.</summary>
    public UserEvent Event => new()
    {
        EventId = Guid.CreateVersion7(Asked).ToString(),
        UserId = From,
        Kind = EventKind.HandOver,
        EventTime = Timestamp.FromDateTimeOffset(Asked),
        ReceivedTime = Timestamp.FromDateTimeOffset(Asked),
        HandOver = Order,
    };

    /// <summary>For strata.impressions.v1.</summary>
    public Impression Impression => new() { UserId = From, TimeUnixMs = Asked.ToUnixTimeMilliseconds(), HandOver = Order };

    private HandOver Order => new() { ToUserId = To, FromUserId = From, SameUser = SameUser, AskedUnixMs = Asked.ToUnixTimeMilliseconds() };
}
