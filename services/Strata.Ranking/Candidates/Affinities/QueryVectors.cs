using Strata.Contracts.State.V1;
using Strata.Ranking.Index;

namespace Strata.Ranking.Candidates;

/// <summary>The user's queries of the last day, newest first, in the space of the items.</summary>
internal sealed class QueryVectors
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly float[][] _vectors = [[], [], []];

    /// <summary>Number of queries.</summary>
    public int Count { get; private set; }

    /// <summary>Vector of a query.</summary>
    public ReadOnlySpan<float> this[int query] => _vectors[query];

    /// <summary>Takes a user's queries over; those of another encoder end the row.</summary>
    public void Fill(VectorStore vectors, Profile? profile, long nowMs)
    {
        Count = 0;
        foreach (var query in profile?.Queries ?? [])
        {
            if (Count == _vectors.Length || nowMs - query.TimeUnixMs > Memory.TotalMilliseconds)
            {
                return;
            }

            if (_vectors[Count].Length != vectors.Dimension)
            {
                _vectors[Count] = new float[vectors.Dimension];
            }

            if (!vectors.TryCentre(query.Vector, _vectors[Count]))
            {
                return;
            }

            Count++;
        }
    }
}
