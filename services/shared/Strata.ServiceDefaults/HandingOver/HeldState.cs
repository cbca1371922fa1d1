using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;

namespace Strata.ServiceDefaults.HandingOver;

/// <summary>Whether a user's value in the store holds anything of them, or only fences of what was handed over or emptied. Pure.</summary>
public static class HeldState
{
    /// <summary>The kinds of a user's values, by the end of their keys.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["profile", "layers", "policy"];

    /// <summary>The keys of a user's values, in the order of <see cref="Kinds"/>.</summary>
    public static IReadOnlyList<string> KeysOf(string name) => [Keys.Profile(name), Keys.UserLayers(name), Keys.UserPolicy(name)];

    /// <summary>True when it holds something, also where that cannot be read.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="value">The value; null: there is none.</param>
    public static bool Holds(string kind, ReadOnlyMemory<byte>? value)
        => value is not null && kind switch
        {
            "profile" => !StoredMessages.TryRead(value, Profile.Parser, out var profile, out _) || Holds(profile.Message),
            "layers" => !StoredMessages.TryRead(value, UserLayers.Parser, out var layers, out _)
                || layers.Message is { LayerIds.Count: > 0 } or { HandedOver.Count: > 0 },
            _ => !StoredMessages.TryRead(value, UserPolicy.Parser, out var policy, out _)
                || policy.Message is { LayerIds.Count: > 0 } or { HandedOver.Count: > 0 },
        };

    private static bool Holds(Profile? profile) => profile is not null && !new Profile { Forgotten = profile.Forgotten }.Equals(profile);
}
