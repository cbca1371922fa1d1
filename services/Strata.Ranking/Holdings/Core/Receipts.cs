using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.Forgetting;

namespace Strata.Ranking.Holdings.Core;

/// <summary>Signs receipts and knows its own. Pure.</summary>
internal static class Receipts
{
    /// <summary>Names the user by hash and signs; the receipt is changed.</summary>
    public static Receipt Sign(Receipt receipt, string userId, UserKey key)
    {
        (receipt.UserHash, receipt.Key) = (key.HashOf(userId), key.Name);
        receipt.Signature = SignatureOf(receipt, key);
        return receipt;
    }

    /// <summary>What is wrong with a receipt about a user; null: it is ours, unchanged.</summary>
    public static string? Fault(Receipt receipt, string userId, IEnumerable<UserKey> keys)
    {
        if (keys.FirstOrDefault(known => known.Name == receipt.Key) is not { } key)
        {
            return "the receipt was signed with a key that is not in the file of keys";
        }

        var (ours, theirs) = (Encoding.UTF8.GetBytes(SignatureOf(receipt, key)), Encoding.UTF8.GetBytes(receipt.Signature));
        return !CryptographicOperations.FixedTimeEquals(ours, theirs)
            ? "the signature is not ours: the receipt was changed, or never given"
            : receipt.UserHash != key.HashOf(userId)
                ? "the receipt is about another user"
                : receipt.Asked is null || receipt.EventsUntil is null
                    ? "the receipt does not say when it was asked for"
                    : null;
    }

    private static string SignatureOf(Receipt receipt, UserKey key)
    {
        var unsigned = receipt.Clone();
        unsigned.Signature = "";
        return Base64Url.EncodeToString(key.Sign(unsigned.ToByteArray()));
    }
}
