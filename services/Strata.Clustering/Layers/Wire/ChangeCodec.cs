using Change = Strata.Contracts.Layers.V1.LayerSetMarker.Types.Change;

namespace Strata.Clustering.Layers.Wire;

/// <summary>Seedings and moves as they lie in the marker of a set.</summary>
internal static class ChangeCodec
{
    public static Change ToMessage(LayerChange change)
    {
        var message = new Change { Version = change.Version, EventTimeUnixMs = change.EventTimeUnixMs };
        if (change.Seeded is var (first, last))
        {
            (message.Reason, message.First, message.Second) = (Change.Types.Reason.Seeding, first, last);
            message.Gone.AddRange(change.Gone);
        }

        if (change.Move is { } move)
        {
            message.Reason = move.Requested ? Change.Types.Reason.Operator : Change.Types.Reason.Need;
            (message.Removed, message.MergedInto, message.Parent) = (move.Removed, move.MergedInto, move.Parent);
            (message.First, message.Second, message.FirstShare) = (move.First, move.Second, move.FirstShare);
            (message.Gain, message.Need, message.AtPoints) = (move.Gain, move.Need, move.AtPoints);
        }

        return message;
    }

    public static LayerChange FromMessage(Change message) => message.Reason == Change.Types.Reason.Seeding
        ? new LayerChange(message.Version, message.EventTimeUnixMs, (message.First, message.Second), null) { Gone = [.. message.Gone] }
        : new LayerChange(message.Version, message.EventTimeUnixMs, null, new LayerMove(
            message.AtPoints,
            message.Removed,
            message.MergedInto,
            message.Parent,
            message.First,
            message.Second,
            message.FirstShare,
            message.Gain,
            message.Need,
            message.Reason == Change.Types.Reason.Operator));
}
