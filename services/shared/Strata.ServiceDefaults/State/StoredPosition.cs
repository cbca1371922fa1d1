using System.Buffers.Binary;
using StackExchange.Redis;

namespace Strata.ServiceDefaults.State;

/// <summary>
/// A position as it was found: what the key itself holds and, in a Redis Cluster, the copy on every node that values lie on.
/// </summary>
/// <param name="Copies">The key's own first.</param>
internal readonly record struct StoredPosition(IReadOnlyList<PositionCopy> Copies)
{
    /// <summary>
    /// Up to where every node holds the log: the least of those that were written together the last time. A node that is new since then
    /// has none yet, and took over what others held; one that had a copy and has none lost it. Of different logs: nothing is sure.
    /// </summary>
    public Fence Position
    {
        get
        {
            if (Copies.Count == 1)
            {
                return Copies[0].Position;
            }

            var newest = Copies.Skip(1).Aggregate((a, b) => b.Position.Next > a.Position.Next ? b : a);
            var counted = Copies.Where((copy, i) => i == 0 || (newest.Together & copy.Bit) != 0).Select(copy => copy.Position).ToList();
            return counted.TrueForAll(position => position.Log == counted[0].Log) ? counted.MinBy(position => position.Next) : default;
        }
    }

    /// <summary>The same without what is no position: its bytes are gone by now.</summary>
    public StoredPosition WithoutMalformed()
        => Copies.Any(copy => copy.IsMalformed)
            ? new StoredPosition([.. Copies.Select(copy => copy.IsMalformed ? copy with { Bytes = [] } : copy)])
            : this;
}

/// <summary>One copy of a position.</summary>
/// <param name="Key">Where it lies.</param>
/// <param name="Bit">Which of all copies it is; 0: the key's own.</param>
/// <param name="Life">Life of the server that holds it.</param>
/// <param name="Bytes">
/// What lies there: a fence, <see cref="FenceBytes"/>; a copy has 8 bytes more, big-endian, that say which were written together.
/// </param>
internal readonly record struct PositionCopy(RedisKey Key, ulong Bit, string Life, byte[] Bytes)
{
    private const int Mask = sizeof(ulong);

    public Fence Position => FenceBytes.TryRead(Bytes.AsSpan(0, Math.Min(Bytes.Length, Fence.Size)), out var fence) ? fence : default;

    public ulong Together => Bit != 0 && Bytes.Length > 0 ? BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(Fence.Size)) : 0;

    public bool IsMalformed => Bytes.Length != 0 && Bytes.Length != (Bit == 0 ? Fence.Size : Fence.Size + Mask);

    /// <summary>The bytes of another position in its place.</summary>
    public byte[] With(Fence position, ulong together)
    {
        var fence = FenceBytes.Write(position);
        if (Bit == 0 || fence.Length == 0)
        {
            return fence;
        }

        var bytes = new byte[fence.Length + Mask];
        fence.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(fence.Length), together);
        return bytes;
    }
}
