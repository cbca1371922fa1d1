using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.State;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>What stands in the store in place of a forgotten user's value, or may come to stand there.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Stored">The mark; without a message: there is none.</param>
public sealed record ForgottenMark(string Key, Stored<Forgotten> Stored)
{
    /// <summary>Up to when the user was forgotten; null: they were not.</summary>
    public Forgotten? When => Stored.Message;

    /// <summary>The write that leaves the mark behind the fences of the value that goes.</summary>
    /// <param name="when">Up to when.</param>
    /// <param name="lifetime">How long it is kept.</param>
    /// <param name="fences">Fences of the value.</param>
    public StateWrite Write(Forgotten when, TimeSpan lifetime, params ReadOnlySpan<Fence> fences)
        => new(Key, Stored.Header, FencedValue.Encode(fences, when), lifetime);
}
