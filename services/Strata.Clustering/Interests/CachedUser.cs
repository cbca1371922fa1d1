using Strata.Clustering.Interests.Core;

namespace Strata.Clustering.Interests;

/// <summary>A user's value in the store, never ahead of it for longer than a write takes.</summary>
internal sealed class CachedUser(string key, ReadOnlyMemory<byte> header, UserWeights weights)
{
    public string Key { get; } = key;

    /// <summary>The stored value's header: what a conditional write must find.</summary>
    public ReadOnlyMemory<byte> Header { get; set; } = header;

    public UserWeights Weights { get; set; } = weights;
}
