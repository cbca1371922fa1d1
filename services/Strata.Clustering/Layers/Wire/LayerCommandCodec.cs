using System.Diagnostics.CodeAnalysis;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Streaming.Records;

namespace Strata.Clustering.Layers.Wire;

/// <summary>Layer commands as they travel among the deltas on strata.layer-deltas.v1.</summary>
public static class LayerCommandCodec
{
    // A delta of this partition is a command: so they were written before they were messages of their own.
    private const int CommandPartition = -1;

    /// <summary>To seed the layer set.</summary>
    public static LayerCommand Seed() => new() { Seed = new() };

    /// <summary>The move that a command asks for; null when it asks for a seeding.</summary>
    public static RequestedMove? MoveOf(LayerCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Move is { } move ? new RequestedMove(move.LayerId, move.IntoLayerId, move.RequestId) : null;
    }

    /// <summary>
    /// Reads a record of the topic, which holds either a delta or a command; false with the reason when it is neither, or one that breaks
    /// its bounds.
    /// </summary>
    public static bool TryRead(
        StreamRecord record,
        out Contracts.Layers.V1.LayerDelta? delta,
        out LayerCommand? command,
        [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(record);
        (delta, command) = (null, null);
        if (record.Key == Keys.LayerCommand)
        {
            return record.TryParse(LayerCommand.Parser, out command, out reason);
        }

        if (!record.TryParse(Contracts.Layers.V1.LayerDelta.Parser, out delta, out reason))
        {
            return false;
        }

        if (delta.Partition == CommandPartition)
        {
            command = delta.Move is { } move ? new LayerCommand { Move = move } : Seed();
            delta = null;
        }

        return true;
    }
}
