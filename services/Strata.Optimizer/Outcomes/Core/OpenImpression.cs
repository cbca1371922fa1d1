using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.RankingModel;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// An impression that waits for its outcome, kept small: features as half floats. Or no slate at all but what hands counts over, which
/// waits for those before it.
/// </summary>
internal sealed record OpenImpression(
    long Offset,
    string RequestId,
    string UserId,
    long TimeUnixMs,
    long ArrivedMs,
    uint Schema,
    uint Context,
    IReadOnlyList<ShownItem> Shown,
    ByteString Features,
    string Placement = "",
    HandOver? HandOver = null)
{
    /// <summary>When it was served by the server's clock; 0: a release before did not say.</summary>
    public long ServedUnixMs { get; init; }

    /// <summary>What was believed of the user and the layers shown; empty from a release that did not say.</summary>
    public IReadOnlyList<Impression.Types.LayerBelief> Beliefs { get; init; } = [];

    /// <summary>The arms of experiments that it was made by.</summary>
    public IReadOnlyList<ExperimentArm> Arms { get; init; } = [];

    /// <summary>Takes an impression over; false with the reason when it contradicts itself.</summary>
    public static bool TryMake(
        Impression impression,
        string? key,
        long offset,
        long arrivedMs,
        [NotNullWhen(true)] out OpenImpression? open,
        [NotNullWhen(false)] out string? reason)
    {
        open = null;
        reason = impression.UserId == key ? Contradiction(impression) : "the record's key is not its user";
        if (reason is not null)
        {
            return false;
        }

        if (impression.HandOver is { } handOver)
        {
            open = new OpenImpression(
                offset, "", impression.UserId, impression.TimeUnixMs, arrivedMs, 0, 0, [], ByteString.Empty, HandOver: handOver);
            return true;
        }

        ShownItem[] shown =
        [
            .. impression.Shown.Select(item =>
                new ShownItem(item.ItemId, (int)item.Position, item.LayerId, item.Propensity, item.Fatigue)),
        ];
        open = new OpenImpression(
            offset,
            impression.RequestId,
            impression.UserId,
            impression.TimeUnixMs,
            arrivedMs,
            impression.Schema,
            impression.Context,
            shown,
            FeaturesOf(impression),
            impression.Placement)
        {
            ServedUnixMs = impression.ServedUnixMs,
            Beliefs = impression.Beliefs,
            Arms = impression.Arms,
        };
        return true;
    }

    /// <summary>Click rates of a layer as the slate was made; null: nothing was said, or what cannot be.</summary>
    public LikingRates? RatesOf(uint layerId)
        => BeliefIn(layerId) is { OtherRate: > 0, LikedRate: < 1 } belief && belief.OtherRate < belief.LikedRate
            ? new LikingRates(belief.OtherRate, belief.LikedRate)
            : null;

    /// <summary>What was believed of the user and a layer; null: nothing was said.</summary>
    public Impression.Types.LayerBelief? BeliefIn(uint layerId)
    {
        foreach (var belief in Beliefs)
        {
            if (belief.LayerId == layerId)
            {
                return belief;
            }
        }

        return null;
    }

    /// <summary>
    /// Milliseconds from the slate to a time of the stream. Where that is after the server served it by its clock, the slate is of then,
    /// however old the newest event it knew was; in a replay, whose times are long gone, it is of that event's time.
    /// </summary>
    public long ElapsedAt(long timeUnixMs)
        => timeUnixMs - (timeUnixMs >= ServedUnixMs ? Math.Max(TimeUnixMs, ServedUnixMs) : TimeUnixMs);

    /// <summary>The stream has gone on for so long since; not while a quiet one has just come to when the slate was served.</summary>
    public bool IsOver(long? streamMs, long waitMs)
        => streamMs >= TimeUnixMs + waitMs && Math.Abs(streamMs.Value - ServedUnixMs) >= waitMs;

    /// <summary>Index of an item in the slate; −1 when it was not shown.</summary>
    public int IndexOf(string itemId)
    {
        for (var i = 0; i < Shown.Count; i++)
        {
            if (Shown[i].ItemId == itemId)
            {
                return i;
            }
        }

        return -1;
    }

    // A release before wrote them with each item.
    private static ByteString FeaturesOf(Impression impression)
        => impression.Features.IsEmpty
            ? UnsafeByteOperations.UnsafeWrap(FeatureBytes.Encode([.. impression.Shown.SelectMany(shown => shown.Features)]))
            : impression.Features;

    private static string? Contradiction(Impression impression)
    {
        if (impression.HandOver is { } order)
        {
            return impression.UserId.Length > 0 && order.ToUserId.Length > 0
                && (order.Policy is null) == (order.ToUserId != impression.UserId)
                ? null
                : "it hands over to nobody else, or has nothing to take over";
        }

        if (impression.UserId.Length == 0 || impression.RequestId.Length == 0 || impression.TimeUnixMs <= 0)
        {
            return "the impression lacks its user, request or time";
        }

        if (impression.Shown.Count == 0)
        {
            return "the impression shows nothing";
        }

        var features = FeaturesOf(impression).Span;
        var (each, left) = Math.DivRem(features.Length, 2 * impression.Shown.Count);
        return each > 0
            && left == 0
            && (!impression.Features.IsEmpty || impression.Shown.All(shown => shown.Features.Count == each))
            && FeatureBytes.TryDecode(features, new float[features.Length / 2])
            ? null
            : "the shown items don't carry equally many finite features";
    }
}

/// <summary>What one position of a slate showed.</summary>
internal readonly record struct ShownItem(string ItemId, int Position, uint LayerId, float Propensity, float Fatigue = 0);

/// <summary>An event that may be the outcome of an impression.</summary>
internal sealed class HeldEvent
{
    public required long Offset { get; init; }

    public required string UserId { get; init; }

    public required string ItemId { get; init; }

    /// <summary>Empty for an organic event.</summary>
    public required string RequestId { get; init; }

    public required bool Dismisses { get; init; }

    public required long TimeUnixMs { get; init; }

    public required long ArrivedMs { get; init; }

    /// <summary>An unresolved impression claimed it when every impression before it must have been read.</summary>
    public bool Decided { get; set; }

    /// <summary>It was the outcome of an impression.</summary>
    public bool Taken { get; set; }

    /// <summary>It says that it follows from this slate.</summary>
    public bool Names(OpenImpression impression) => RequestId.Length > 0 && RequestId == impression.RequestId;
}

/// <summary>A choice that came after its slate was settled.</summary>
/// <param name="Impression">The slate.</param>
/// <param name="Index">What was chosen.</param>
/// <param name="EventOffset">The event.</param>
/// <param name="Chosen">All that is chosen with it, in slate order.</param>
internal sealed record LateOutcome(OpenImpression Impression, int Index, long EventOffset, IReadOnlyList<int> Chosen);

/// <summary>An impression with its outcome: the indices of the chosen items, in slate order.</summary>
internal sealed record ResolvedImpression(OpenImpression Impression, IReadOnlyList<int> Chosen)
{
    /// <summary>The indices of the dismissed items, whatever else was done with them.</summary>
    public IReadOnlyList<int> Dismissed { get; init; } = [];
}
