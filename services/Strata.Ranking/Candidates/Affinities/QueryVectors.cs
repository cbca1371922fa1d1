using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>The user's queries of the last day, newest first, in the space of the items.</summary>
internal sealed class QueryVectors
{
    /// <summary>How much less each older query counts.</summary>
    public const double Discount = 0.7;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly float[][] _vectors = [[], [], []];

    public int Count { get; private set; }

    /// <summary>The newest of them is the last thing that the user did.</summary>
    public bool LastAct { get; private set; }

    public ReadOnlySpan<float> this[int query] => _vectors[query];

    /// <summary>Largest discounted cosine of a vector to a query, 0 at least.</summary>
    public float Compare(ReadOnlySpan<float> vector)
    {
        var (best, weight) = (0f, 1f);
        for (var query = 0; query < Count; query++)
        {
            best = Math.Max(best, weight * VectorMath.Dot(vector, _vectors[query]));
            weight *= (float)Discount;
        }

        return best;
    }

    /// <summary>Brings a user's queries into the space; those of another encoder end the row.</summary>
    public void Centre(VectorStore vectors, Profile? profile, long nowMs)
    {
        (Count, LastAct) = (0, false);
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

            LastAct |= Count == 0 && query.TimeUnixMs >= profile!.LastEventUnixMs;
            Count++;
        }
    }
}
