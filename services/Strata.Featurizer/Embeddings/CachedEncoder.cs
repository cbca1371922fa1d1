using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;
using BitFaster.Caching.Lru;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Bounds;
using Strata.Contracts.Common.V1;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Embeddings;

/// <summary>
/// Remembers vectors by what the text hashes to (XXH64 of role and text): the last used in memory, behind them all in the store until they
/// expire. A hit is byte for byte what the encoder would give. Changing a prefix wants another <see cref="EmbeddingsOptions.Name"/>.
/// </summary>
internal sealed class CachedEncoder(
    IEncoder inner,
    IStateStore store,
    IOptions<EmbeddingsOptions> options,
    EmbeddingsMetrics metrics) : IEncoder
{
    private readonly ConcurrentLru<ulong, Vector> _memory = new(options.Value.MemoryCache);
    private readonly TimeSpan _expiry = options.Value.StoreExpiry;

    public string Name => inner.Name;

    public ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken)
        => EncodeAsync('p', text, cancellationToken);

    public ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken)
        => EncodeAsync('q', text, cancellationToken);

    private async ValueTask<Vector> EncodeAsync(char role, string text, CancellationToken cancellationToken)
    {
        var hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(role + text));
        if (_memory.TryGet(hash, out var known))
        {
            metrics.Cached("memory");
            return known;
        }

        var key = Keys.Embedding(Name, hash);
        if (_expiry > TimeSpan.Zero
            && (await store.ReadCacheAsync([key], cancellationToken))[0] is { } stored
            && TryRead(stored, out var read))
        {
            metrics.Cached("store");
            _memory.AddOrUpdate(hash, read);
            return read;
        }

        var vector = role == 'q'
            ? await inner.EncodeQueryAsync(text, cancellationToken)
            : await inner.EncodePassageAsync(text, cancellationToken);
        _memory.AddOrUpdate(hash, vector);
        if (_expiry > TimeSpan.Zero)
        {
            await store.WriteCacheAsync(key, vector.ToByteArray(), _expiry, cancellationToken);
        }

        return vector;
    }

    /// <summary>What was cached and cannot be used is encoded anew and written over.</summary>
    private static bool TryRead(ReadOnlyMemory<byte> stored, [NotNullWhen(true)] out Vector? vector)
    {
        try
        {
            vector = Vector.Parser.ParseFrom(stored.Span);
            return !vector.Codes.IsEmpty && MessageBounds.Fault(vector) is null;
        }
        catch (InvalidProtocolBufferException)
        {
            vector = null;
            return false;
        }
    }
}
