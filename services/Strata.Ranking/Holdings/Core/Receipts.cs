using System.Security.Cryptography;
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
        receipt.Signature = ByteString.CopyFrom(key.Sign(Signed(receipt)));
        return receipt;
    }

    /// <summary>What is wrong with a receipt about a user; null: it is ours, unchanged.</summary>
    public static string? Fault(Receipt receipt, string userId, IEnumerable<UserKey> keys)
    {
        if (keys.FirstOrDefault(known => known.Name == receipt.Key) is not { } key)
        {
            return "the receipt was signed with a key that is not in the file of keys";
        }

        return !CryptographicOperations.FixedTimeEquals(key.Sign(Signed(receipt)), receipt.Signature.Span)
            ? "the signature is not ours: the receipt was changed, or never given"
            : receipt.UserHash != key.HashOf(userId)
                ? "the receipt is about another user"
                : receipt.Asked is null || receipt.EventsUntil is null
                    ? "the receipt does not say when it was asked for"
                    : null;
    }

    private static byte[] Signed(Receipt receipt)
    {
        var unsigned = receipt.Clone();
        unsigned.Signature = ByteString.Empty;
        return unsigned.ToByteArray();
    }
}
