using System.IO.Hashing;
using System.Text;
using Google.Protobuf;
using Strata.Contracts.State.V1;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>Which of a user's last slates were settled, and how: what it takes to find one again in its log.</summary>
internal static class SettledSlates
{
    /// <summary>Notes an outcome; the oldest gives way.</summary>
    public static void Add(UserPolicy counts, ResolvedImpression outcome, OutcomesOptions options)
    {
        if (options.LateWindow > TimeSpan.Zero)
        {
            counts.Settled.Add(new SettledSlate
            {
                Request = HashOf(outcome.Impression.RequestId),
                Offset = outcome.Impression.Offset,
                Chosen = BitsOf(outcome.Chosen),
                Dismissed = BitsOf(outcome.Dismissed),
            });
        }

        while (counts.Settled.Count > options.LateSlates)
        {
            counts.Settled.RemoveAt(0);
        }
    }

    /// <summary>The slate of a request; null: it is not known, or no longer.</summary>
    public static SettledSlate? Of(UserPolicy counts, string requestId)
    {
        var hash = HashOf(requestId);
        return counts.Settled.FirstOrDefault(slate => slate.Request == hash);
    }

    /// <summary>What was chosen, in time and later, in the order of the slate.</summary>
    public static IEnumerable<int> ChosenOf(SettledSlate slate)
        => Enumerable.Range(0, slate.Chosen.Length * 8).Where(index => Has(slate.Chosen, index))
            .Concat(slate.Late.Select(late => (int)late.Index)).Order();

    /// <summary>An item was dismissed in time.</summary>
    public static bool WasDismissed(SettledSlate slate, int index) => Has(slate.Dismissed, index);

    private static bool Has(ByteString bits, int index) => index / 8 < bits.Length && (bits[index / 8] & (1 << (index % 8))) != 0;

    private static ByteString BitsOf(IReadOnlyList<int> chosen)
    {
        var bits = new byte[chosen.Count == 0 ? 0 : (chosen.Max() / 8) + 1];
        foreach (var index in chosen)
        {
            bits[index / 8] |= (byte)(1 << (index % 8));
        }

        return ByteString.CopyFrom(bits);
    }

    private static ulong HashOf(string requestId) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(requestId));
}
