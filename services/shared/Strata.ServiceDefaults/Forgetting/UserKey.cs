using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>
/// A secret by which users are named without their ids. What it is used for has a key of its own, derived by HKDF (RFC 5869) with SHA-256,
/// so that a hash in one place says nothing about one in another.
/// </summary>
/// <param name="name">Name of the key; no secret.</param>
/// <param name="secret">At least 32 bytes.</param>
public sealed class UserKey(string name, byte[] secret)
{
    /// <summary>Bytes of a secret, at least.</summary>
    public const int LeastBytes = 32;

    private readonly byte[] _marks = Derive(secret, "strata forgotten mark");
    private readonly byte[] _names = Derive(secret, "strata pseudonym");
    private readonly byte[] _receipts = Derive(secret, "strata receipt");

    /// <summary>Name of the key; no secret.</summary>
    public string Name { get; } = name;

    /// <summary>HMAC-SHA-256 of a user id, base64url: whom a mark or a receipt is about.</summary>
    public string HashOf(string userId) => Hash(_marks, userId);

    /// <summary>What a user is called on topics and in the store: the key's name, a dot, HMAC-SHA-256 of the id in base64url.</summary>
    public string PseudonymOf(string userId) => $"{Name}.{Hash(_names, userId)}";

    /// <summary>HMAC-SHA-256 of a receipt.</summary>
    public byte[] Sign(ReadOnlySpan<byte> receipt) => HMACSHA256.HashData(_receipts, receipt);

    /// <summary>Reads a file of keys, newest first.</summary>
    /// <exception cref="InvalidDataException">A line is no key, or a name stands twice.</exception>
    public static IReadOnlyList<UserKey> ReadFile(string path)
    {
        var keys = new List<UserKey>();
        foreach (var line in File.ReadAllLines(path).Where(line => line.Length > 0))
        {
            var secret = new byte[line.Length];
            if (line.Split(' ') is not [{ Length: > 0 } name, var text]
                || !Convert.TryFromBase64String(text, secret, out var bytes)
                || bytes < LeastBytes)
            {
                throw new InvalidDataException(
                    $"{path}, key {keys.Count + 1}: a line is a name, a blank, and {LeastBytes} bytes or more in base64.");
            }

            if (keys.Exists(key => key.Name == name))
            {
                throw new InvalidDataException($"{path} has the key '{name}' more than once.");
            }

            keys.Add(new UserKey(name, secret[..bytes]));
        }

        return keys.Count > 0 ? keys : throw new InvalidDataException($"{path} has no key.");
    }

    private static string Hash(byte[] key, string userId)
        => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(userId)));

    private static byte[] Derive(byte[] secret, string use)
        => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, LeastBytes, info: Encoding.UTF8.GetBytes(use));
}
