using Strata.Contracts.Common.V1;

namespace Strata.Featurizer.Embeddings;

/// <summary>
/// Turns texts into vectors. The same text always has the same vector, byte for byte, whatever else is encoded beside it. Returned vectors
/// are shared: nobody changes them.
/// </summary>
public interface IEncoder
{
    /// <summary>Name of the model; another model has another name.</summary>
    string Name { get; }

    /// <summary>The vector of a text that can be found: an item's.</summary>
    ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken);

    /// <summary>The vector of a text that one looks with.</summary>
    ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken);
}
