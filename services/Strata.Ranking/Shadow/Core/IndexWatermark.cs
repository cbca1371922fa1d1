using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Shadow.Core;

internal sealed class IndexWatermark(ActivityWatermarks watermarks) : IActivityWatermark
{
    public bool HasAbsorbed(int eventsPartition, long offset) => !watermarks.AbsorbedNone(eventsPartition, offset);

    public long FirstOpen(int eventsPartition) => watermarks.FirstOpen(eventsPartition);
}
