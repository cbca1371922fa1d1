using System.Buffers.Binary;

namespace Strata.ServiceDefaults.State;

/// <summary>How much of a partition's log a value has absorbed.</summary>
/// <param name="Log">Identity of the log; a recreated topic or another broker has another one. 0: none.</param>
/// <param name="Next">Next offset not yet absorbed.</param>
public readonly record struct Fence(ulong Log, long Next)
{
    /// <summary>Bytes of one fence.</summary>
    public const int Size = 16;

    /// <summary>True when the value already holds the record at <paramref name="offset"/> of <paramref name="log"/>.</summary>
    public bool Holds(ulong log, long offset) => Log == log && offset < Next;
}

/// <summary>
/// A fence on its own, as positions and hashes keep it: log and next offset, 8 bytes each, big-endian. No bytes: the empty fence.
/// </summary>
public static class FenceBytes
{
    /// <summary>The bytes of a fence.</summary>
    public static byte[] Write(Fence fence)
    {
        if (fence == default)
        {
            return [];
        }

        var bytes = new byte[Fence.Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, fence.Log);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), fence.Next);
        return bytes;
    }

    /// <summary>The fence of these bytes; false when they are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Fence fence)
    {
        fence = default;
        if (bytes.Length is not (0 or Fence.Size))
        {
            return false;
        }

        if (bytes.Length > 0)
        {
            fence = new Fence(BinaryPrimitives.ReadUInt64BigEndian(bytes), Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(bytes[8..])));
        }

        return true;
    }
}
