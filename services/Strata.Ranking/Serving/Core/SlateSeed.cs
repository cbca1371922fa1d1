using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Strata.Ranking.Serving.Core;

/// <summary>A slate's chance: whoever has the request id can draw its random numbers again.</summary>
internal static class SlateSeed
{
    public static Random RandomOf(string requestId) => new((int)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(requestId.AsSpan())));
}
