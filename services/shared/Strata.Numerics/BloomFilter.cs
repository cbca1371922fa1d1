using System.Numerics;
using System.Text;

namespace Strata.Numerics;

/// <summary>
/// A set in few bits (Bloom 1970): what was added is always found, what was not is found by chance, at n keys in m bits with probability
/// (1 − e^(−8n/m))^8.
/// </summary>
public static class BloomFilter
{
    // Bits of a key, by two hashes (Kirsch and Mitzenmacher 2006).
    private const int Bits = 8;

    /// <summary>Key of an id in one of several sets that share the bits: FNV-1a over its UTF-8, finished as MurmurHash3 does.</summary>
    public static ulong KeyOf(string id, uint set)
    {
        ArgumentNullException.ThrowIfNull(id);
        Span<byte> buffer = stackalloc byte[512];
        ReadOnlySpan<byte> bytes = Encoding.UTF8.TryGetBytes(id, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(id);
        var hash = 14695981039346656037UL;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        hash = (hash ^ set) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ (hash >> 33);
    }

    /// <summary>Adds a key.</summary>
    public static void Add(Span<byte> filter, ulong key)
    {
        for (var n = 0; n < Bits; n++)
        {
            var bit = BitOf(key, n, filter.Length);
            filter[bit >> 3] |= (byte)(1 << (bit & 7));
        }
    }

    /// <summary>The key was added, or chance has it so. False for an empty filter.</summary>
    public static bool Contains(ReadOnlySpan<byte> filter, ulong key)
    {
        for (var n = 0; n < Bits && filter.Length > 0; n++)
        {
            var bit = BitOf(key, n, filter.Length);
            if ((filter[bit >> 3] & (1 << (bit & 7))) == 0)
            {
                return false;
            }
        }

        return filter.Length > 0;
    }

    /// <summary>Adds what another filter of the same length has.</summary>
    public static void Join(Span<byte> filter, ReadOnlySpan<byte> other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, filter.Length);
        for (var i = 0; i < filter.Length; i++)
        {
            filter[i] |= other[i];
        }
    }

    /// <summary>
    /// About how many keys were added, from how many bits are set: −m/8 · ln(1 − set/m) of m bits (Swamidass and Baldi 2007).
    /// </summary>
    public static int KeysIn(ReadOnlySpan<byte> filter)
    {
        var set = 0;
        foreach (var bits in filter)
        {
            set += BitOperations.PopCount(bits);
        }

        var all = filter.Length * 8;
        return set == all ? int.MaxValue : (int)Math.Round(-all / (double)Bits * Math.Log(1 - (set / (double)all)));
    }

    private static int BitOf(ulong key, int n, int bytes)
        => (int)(((uint)key + ((ulong)n * ((uint)(key >> 32) | 1))) % ((ulong)bytes * 8));
}
