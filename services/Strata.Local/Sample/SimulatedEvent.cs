namespace Strata.Local.Sample;

/// <summary>What a simulated shopper does; the kinds are those of an event.</summary>
internal enum ShopperAction
{
    /// <summary>Looked at an item in a list and did not open it.</summary>
    View,

    /// <summary>Opened an item. An opened item is not also reported as a view.</summary>
    Click,
    Search,
    Like,
    Cart,
    Purchase,
    Dismiss,
}

/// <summary>One thing that a simulated shopper did.</summary>
/// <param name="UserId">shopper-0001 and so on.</param>
/// <param name="Action">What they did.</param>
/// <param name="ItemId">With what; null for a search only.</param>
/// <param name="Query">What they typed; null unless it is a search.</param>
/// <param name="Time">Event time by the simulator's own clock.</param>
/// <param name="RequestId">The slate that they reacted to; null where they went their own way.</param>
/// <param name="Position">0-based position of the item in that slate; −1 without a slate.</param>
internal sealed record SimulatedEvent(
    string UserId,
    ShopperAction Action,
    string? ItemId,
    string? Query,
    DateTimeOffset Time,
    string? RequestId,
    int Position);
