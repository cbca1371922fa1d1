using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Strata.Contracts;

/// <summary>Names a key in a log line without telling whose it is: user ids stay below the level that is kept.</summary>
public static class KeyHashes
{
    /// <summary>XXH64 of the key's UTF-8 bytes, 16 hexadecimal digits.</summary>
    public static string Of(string key)
        => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(key)).ToString("x16", CultureInfo.InvariantCulture);
}
