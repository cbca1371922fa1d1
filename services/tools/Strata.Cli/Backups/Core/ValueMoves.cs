using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;

namespace Strata.Cli.Backups.Core;

/// <summary>Values of the store with the places in logs that they name moved. What is no such value stays as it is.</summary>
internal static class ValueMoves
{
    /// <summary>Field of a hash that is its fence.</summary>
    public const string FenceField = "#fence";

    private const string PositionKind = "position";

    private static readonly string[] FencedKinds = ["profile", "layers", "policy", "item", "forgotten", "experiment"];

    /// <summary>A value.</summary>
    public static byte[] Apply(string key, byte[] value, LogMoves moves)
    {
        var kind = Keys.KindOf(key);
        if (kind == PositionKind)
        {
            return Fence(value, moves);
        }

        if (!FencedKinds.Contains(kind) || value.Length == 0 || value.Length < FencedValue.HeaderSize(value[0]))
        {
            return value;
        }

        var fences = Enumerable.Range(0, value[0]).Select(index => FencedValue.ReadFence(value, index)).ToArray();
        var payload = FencedValue.Payload(value);
        if (kind is "layers" or "policy" && fences.Length > 0 && moves.Of(fences[0].Log) is { } followed)
        {
            payload = Places(kind, payload, followed.Offsets, fences.Length > 1 ? moves.Of(fences[1].Log)?.Offsets : null);
        }

        if (kind == "profile" && fences.Length > 0 && moves.Of(fences[0].Log) is { } events)
        {
            payload = Profile(payload, events.Offsets);
        }

        return FencedValue.Encode([.. fences.Select(moves.Move)], payload.Span);
    }

    /// <summary>A field of a hash.</summary>
    public static byte[] ApplyField(string field, byte[] value, LogMoves moves) => field == FenceField ? Fence(value, moves) : value;

    private static byte[] Fence(byte[] value, LogMoves moves)
        => FenceBytes.TryRead(value, out var fence) ? FenceBytes.Write(moves.Move(fence)) : value;

    private static ReadOnlyMemory<byte> Profile(ReadOnlyMemory<byte> payload, OffsetMap events)
    {
        Profile profile;
        try
        {
            profile = Contracts.State.V1.Profile.Parser.ParseFrom(payload.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return payload; // its owner sets it aside
        }

        foreach (var item in profile.Items.Concat(profile.UndoLog.SelectMany(ItemsOf)))
        {
            item.Offset = events.Below(item.Offset);
        }

        foreach (var seen in profile.Seen)
        {
            seen.Offset = events.Below(seen.Offset);
        }

        foreach (var undo in profile.UndoLog)
        {
            undo.Offset = events.Below(undo.Offset);
        }

        return profile.ToByteArray();
    }

    private static ReadOnlyMemory<byte> Places(string kind, ReadOnlyMemory<byte> payload, OffsetMap offsets, OffsetMap? events)
    {
        try
        {
            return kind == "layers"
                ? Move(UserLayers.Parser.ParseFrom(payload.Span), value => value.HandedOver)
                : Move(UserPolicy.Parser.ParseFrom(payload.Span), value => value.HandedOver);
        }
        catch (InvalidProtocolBufferException)
        {
            return payload; // its owner sets it aside
        }

        ReadOnlyMemory<byte> Move<T>(T value, Func<T, IEnumerable<HandedOver>> handedOver)
            where T : IMessage<T>
        {
            var moved = handedOver(value).ToArray();
            foreach (var handed in moved)
            {
                handed.Offset = offsets.Below(handed.Offset);
            }

            var settled = (value as UserPolicy)?.Settled.ToArray() ?? [];
            foreach (var slate in settled)
            {
                slate.Offset = offsets.Below(slate.Offset);
                foreach (var late in slate.Late)
                {
                    late.EventOffset = events?.Below(late.EventOffset) ?? late.EventOffset;
                }
            }

            return moved.Length + settled.Length > 0 ? value.ToByteArray() : payload;
        }
    }

    private static IEnumerable<ProfileItem> ItemsOf(Undo undo) => undo.Before is { } before ? undo.Evicted.Append(before) : undo.Evicted;
}
