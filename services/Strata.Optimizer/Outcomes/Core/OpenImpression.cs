using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.RankingModel;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>An impression that waits for its outcome, kept small: features as half floats.</summary>
internal sealed record OpenImpression(
    long Offset,
    string RequestId,
    string UserId,
    long TimeUnixMs,
    long ArrivedUnixMs,
    uint Schema,
    uint Context,
    IReadOnlyList<ShownItem> Shown,
    ByteString Features,
    string Placement = "")
{
    /// <summary>Takes an impression over; false with the reason when it contradicts itself.</summary>
    public static bool TryMake(
        Impression impression,
        string? key,
        long offset,
        long arrivedUnixMs,
        [NotNullWhen(true)] out OpenImpression? open,
        [NotNullWhen(false)] out string? reason)
    {
        open = null;
        reason = impression.UserId == key ? Contradiction(impression) : "the record's key is not its user";
        if (reason is not null)
        {
            return false;
        }

        var shown = new ShownItem[impression.Shown.Count];
        var rows = new List<float>(shown.Length * impression.Shown[0].Features.Count);
        for (var i = 0; i < shown.Length; i++)
        {
            var item = impression.Shown[i];
            shown[i] = new ShownItem(item.ItemId, (int)item.Position, item.LayerId, item.Propensity);
            rows.AddRange(item.Features);
        }

        var features = UnsafeByteOperations.UnsafeWrap(FeatureBytes.Encode(CollectionsMarshal.AsSpan(rows)));
        open = new OpenImpression(
            offset,
            impression.RequestId,
            impression.UserId,
            impression.TimeUnixMs,
            arrivedUnixMs,
            impression.Schema,
            impression.Context,
            shown,
            features,
            impression.Placement);
        return true;
    }

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

    private static string? Contradiction(Impression impression)
    {
        if (impression.UserId.Length == 0 || impression.RequestId.Length == 0 || impression.TimeUnixMs <= 0)
        {
            return "the impression lacks its user, request or time";
        }

        if (impression.Shown.Count == 0)
        {
            return "the impression shows nothing";
        }

        var features = impression.Shown[0].Features.Count;
        foreach (var shown in impression.Shown)
        {
            if (features == 0 || shown.Features.Count != features || shown.Features.Any(value => !float.IsFinite(value)))
            {
                return "the shown items don't carry equally many finite features";
            }
        }

        return null;
    }
}

/// <summary>What one position of a slate showed.</summary>
internal readonly record struct ShownItem(string ItemId, int Position, uint LayerId, float Propensity);

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

    public required long ArrivedUnixMs { get; init; }

    /// <summary>An unresolved impression claimed it when every impression before it must have been read.</summary>
    public bool Decided { get; set; }

    /// <summary>It was the outcome of an impression.</summary>
    public bool Taken { get; set; }
}

/// <summary>An impression with its outcome: the indices of the chosen items, in slate order.</summary>
internal sealed record ResolvedImpression(OpenImpression Impression, IReadOnlyList<int> Chosen);
