using Strata.Clustering.Layers;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Numerics;
using Strata.Streaming.Records;

namespace Strata.Clustering.Points.Core;

/// <summary>An interest point as the worker handles it.</summary>
/// <param name="Offset">Offset in its partition.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Weight">Weight of its kind; negative lowers only.</param>
/// <param name="EventTimeUnixMs">When it happened.</param>
/// <param name="Vector">Raw embedding of its subject.</param>
/// <param name="Query">What was typed; empty when its subject is an item.</param>
/// <param name="UserOnly">It changes its user's weights only.</param>
/// <param name="ItemId">Its subject, or the item that answers its query best; null: none is known.</param>
/// <param name="Forgotten">It is no act: its user is forgotten. Null: it is one.</param>
/// <param name="HandOver">It is no act: its user hands over their weights, or takes over those in it. Null: it is one.</param>
internal readonly record struct Point(
    long Offset,
    string UserId,
    float Weight,
    long EventTimeUnixMs,
    Int8Vector Vector,
    string Query,
    bool UserOnly,
    string? ItemId,
    Forgotten? Forgotten = null,
    HandOver? HandOver = null)
{
    /// <summary>It is no act: it has no place among the layers.</summary>
    public bool IsOrder => Forgotten is not null || HandOver is not null;

    /// <summary>
    /// True when the layers learn from the point: it lies where no delta has been, it is no dismissal, which says nothing about where
    /// interests lie, and not one too many of its user.
    /// </summary>
    public bool IsNewTo(long epochFrom) => Offset >= epochFrom && Weight > 0 && !UserOnly;

    /// <summary>
    /// Reads a record. False with the reason when it can never be handled; false without one when its vector lies in the space of another
    /// encoder than the layers', where nothing is near or far: it changes nothing.
    /// </summary>
    public static bool TryRead(StreamRecord record, LayerSet set, out Point point, out string? reason)
    {
        point = default;
        if (!record.TryParse(InterestPoint.Parser, out var message, out reason))
        {
            return false;
        }

        if (message.Forgotten is { } forgotten && message.UserId.Length > 0 && message.UserId == record.Key)
        {
            point = new Point(record.Offset, message.UserId, 0, message.EventTimeUnixMs, default, "", UserOnly: true, null, forgotten);
            return true;
        }

        if (message.HandOver is { } handOver)
        {
            point = new Point(record.Offset, message.UserId, 0, message.EventTimeUnixMs, default, "", UserOnly: true, null, null, handOver);
            reason = Fault(record, message, handOver);
            return reason is null;
        }

        var foreign = message.Encoder.Length > 0 && message.Encoder != set.Encoder;
        reason = Fault(record, message, foreign ? message.Vector?.Codes.Length ?? 0 : set.Dimensions);
        if (foreign || reason is not null || message.Vector is not { } vector)
        {
            return false;
        }

        point = new Point(
            record.Offset,
            message.UserId,
            message.Weight,
            message.EventTimeUnixMs,
            new Int8Vector(vector.Codes.Memory, vector.Scale),
            message.Query,
            message.UserOnly,
            message.HasItemId ? message.ItemId : message.AnsweredBy is { Length: > 0 } answer ? answer : null);
        return true;
    }

    private static string? Fault(StreamRecord record, InterestPoint message, HandOver handOver)
        => message.UserId.Length == 0 || message.UserId != record.Key ? "the record's key is not its user"
            : message.Kind == EventKind.TakeOver
                ? handOver.Layers is null ? "it has nothing to take over" : null
                : handOver.ToUserId.Length == 0 || handOver.ToUserId == message.UserId ? "it names nobody else who takes over" : null;

    private static string? Fault(StreamRecord record, InterestPoint message, int dimensions)
    {
        if (message.UserId.Length == 0 || message.UserId != record.Key)
        {
            return "the record's key is not its user";
        }

        if (!float.IsFinite(message.Weight))
        {
            return "the weight is no number";
        }

        if (message.Vector is not { } vector || vector.Codes.Length != dimensions)
        {
            return $"the vector has {message.Vector?.Codes.Length ?? 0} dimensions where the layers have {dimensions}";
        }

        return float.IsFinite(vector.Scale) && vector.Scale > 0 ? null : "the vector's scale is not above zero";
    }
}
