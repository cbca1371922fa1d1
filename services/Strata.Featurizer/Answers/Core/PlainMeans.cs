using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Answers.Core;

/// <summary>Where an encoder puts what it is given, whatever it says: means of unit vectors of plain texts.</summary>
/// <param name="Queries">Mean of queries, one float a dimension.</param>
/// <param name="Items">Mean of texts that can be found, one float a dimension.</param>
internal sealed record PlainMeans(float[] Queries, float[] Items)
{
    /// <summary>
    /// A query less what all queries have in common, unit length: what it says. Null for a vector of another kind, or when nothing remains.
    /// </summary>
    public Vector? Centre(Vector query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var direction = new float[query.Codes.Length];
        return TryCentre(query, direction) ? Vectors.ToVector(direction) : null;
    }

    /// <summary>The same into components; false where there is none.</summary>
    public bool TryCentre(Vector query, Span<float> direction)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Codes.Length != Queries.Length || direction.Length != Queries.Length)
        {
            return false;
        }

        new Int8Vector(query.Codes.Memory, query.Scale).Decode(direction);
        return VectorMath.TryNormalize(direction) && VectorMath.TryCentre(direction, Queries);
    }
}
