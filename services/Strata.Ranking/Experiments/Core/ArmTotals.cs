using Google.Protobuf;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Ranking.Experiments.Core;

/// <summary>What was counted of an arm in all partitions.</summary>
internal static class ArmTotals
{
    /// <summary>The sum; nothing of nothing.</summary>
    public static ArmOutcomes Of(IEnumerable<ArmOutcomes> partitions)
    {
        var (total, items) = (new ArmOutcomes(), new byte[DistinctCount.Registers]);
        foreach (var part in partitions)
        {
            total.Users += part.Users;
            total.Slates += part.Slates;
            total.Clicked += part.Clicked;
            total.Ndcg += part.Ndcg;
            total.SlatesSlates += part.SlatesSlates;
            total.SlatesClicked += part.SlatesClicked;
            total.ClickedClicked += part.ClickedClicked;
            total.ClickedNdcg += part.ClickedNdcg;
            total.NdcgNdcg += part.NdcgNdcg;
            total.FirstUnixMs = total.FirstUnixMs == 0 ? part.FirstUnixMs : Math.Min(total.FirstUnixMs, part.FirstUnixMs);
            total.LastUnixMs = Math.Max(total.LastUnixMs, part.LastUnixMs);
            if (!part.Items.IsEmpty)
            {
                DistinctCount.Unite(items, part.Items.Span);
            }
        }

        total.Items = ByteString.CopyFrom(items);
        return total;
    }
}
