using Strata.Clustering.Interests.Core;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Clustering.Interests;

/// <summary>A user's value in the store, never ahead of it for longer than a write takes.</summary>
internal sealed class CachedUser(string key, ReadOnlyMemory<byte> header, UserWeights weights)
{
    public string Key { get; } = key;

    /// <summary>The stored value's header: what a conditional write must find.</summary>
    public ReadOnlyMemory<byte> Header { get; set; } = header;

    public UserWeights Weights { get; set; } = weights;

    /// <summary>Up to when the user was forgotten; null: never, or longer ago than is remembered.</summary>
    public Forgotten? Forgotten { get; set; }

    /// <summary>What was handed over and may not have arrived.</summary>
    public IReadOnlyList<HandedOver> HandedOver { get; set; } = [];

    /// <summary>What stands, or may come to stand, in place of the value of a forgotten user; null: it was not looked at.</summary>
    public ForgottenMark? Mark { get; set; }

    /// <summary>How much of the points the value holds; of a forgotten user the mark says it.</summary>
    public Fence Fence => Header.IsEmpty ? Mark?.Stored.Fence() ?? default : FencedValue.ReadFence(Header);
}

/// <summary>What is to be written of a user.</summary>
/// <param name="Weights">The weights; <see cref="UserWeights.Empty"/> itself: they are forgotten, and nothing came since.</param>
/// <param name="Next">Offset after the last point.</param>
/// <param name="Forgotten">Up to when the user was forgotten; null: never.</param>
/// <param name="MarkNext">Offset after the point that said so, where the mark is still to be written; else null.</param>
/// <param name="HandedOver">What was handed over and may not have arrived.</param>
/// <param name="IsLeft">The weights went to another name: fences are all that stays, and they go by themselves.</param>
internal readonly record struct UserChange(
    UserWeights Weights,
    long Next,
    Forgotten? Forgotten,
    long? MarkNext,
    IReadOnlyList<HandedOver> HandedOver,
    bool IsLeft = false)
{
    public bool Deletes => Forgotten is not null && ReferenceEquals(Weights, UserWeights.Empty);
}
