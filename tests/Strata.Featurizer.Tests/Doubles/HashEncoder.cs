using System.IO.Hashing;
using System.Text;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Tests.Doubles;

/// <summary>A vector drawn from a text's hash: the same text has the same vector.</summary>
internal sealed class HashEncoder : IEncoder
{
    private int _calls;

    public string Name => "hash";

    public int Calls => _calls;

    public int Dimensions { get; init; } = 384;

    public ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken)
        => ValueTask.FromResult(Encode("p" + text));

    public ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(Encode("q" + text));

    private Vector Encode(string text)
    {
        Interlocked.Increment(ref _calls);
        var chance = new Random((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(text)));
        var components = new float[Dimensions];
        for (var i = 0; i < components.Length; i++)
        {
            components[i] = (float)(chance.NextDouble() - .5);
        }

        VectorMath.TryNormalize(components);
        return Vectors.ToVector(components);
    }
}
