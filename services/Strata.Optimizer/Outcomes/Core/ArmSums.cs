using System.IO.Hashing;
using System.Text;
using Google.Protobuf;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// Sums over users of what they did in an arm, and of its products: from them come the rates, and how much each would differ had other
/// users come, a user being what was drawn by chance. Kept by what one user's counts change, so that nobody is asked twice.
/// </summary>
internal static class ArmSums
{
    /// <summary>Adds what changed, in the order of the log.</summary>
    public static void Add(ArmOutcomes sums, IEnumerable<ArmChange> changes)
    {
        var items = sums.Items.IsEmpty ? new byte[DistinctCount.Registers] : sums.Items.ToByteArray();
        foreach (var (impression, before, after) in changes)
        {
            sums.Arm ??= after.Arm;
            sums.Users += before.Slates == 0 ? 1u : 0;
            sums.Slates += after.Slates - before.Slates;
            sums.Clicked += after.Clicked - before.Clicked;
            sums.Ndcg += after.Ndcg - before.Ndcg;
            sums.SlatesSlates += Product(after.Slates, after.Slates) - Product(before.Slates, before.Slates);
            sums.SlatesClicked += Product(after.Slates, after.Clicked) - Product(before.Slates, before.Clicked);
            sums.ClickedClicked += Product(after.Clicked, after.Clicked) - Product(before.Clicked, before.Clicked);
            sums.ClickedNdcg += Product(after.Clicked, after.Ndcg) - Product(before.Clicked, before.Ndcg);
            sums.NdcgNdcg += Product(after.Ndcg, after.Ndcg) - Product(before.Ndcg, before.Ndcg);
            sums.FirstUnixMs = sums.FirstUnixMs == 0 ? impression.TimeUnixMs : Math.Min(sums.FirstUnixMs, impression.TimeUnixMs);
            sums.LastUnixMs = Math.Max(sums.LastUnixMs, impression.TimeUnixMs);
            foreach (var shown in impression.Shown)
            {
                DistinctCount.Add(items, XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(shown.ItemId)));
            }
        }

        sums.Items = ByteString.CopyFrom(items);
    }

    private static double Product(double one, double other) => one * other;
}
