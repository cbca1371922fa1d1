using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Connecting;

namespace Strata.Testing.Doubles;

/// <summary>Marks of forgotten users in a store, by a key of this process: the same for all who ask.</summary>
public static class ForgottenMarksOver
{
    /// <summary>The key.</summary>
    public static UserKeyRing Keys { get; } = new(
        Options.Create(new UsersOptions()),
        Options.Create(new StreamingOptions { Embedded = true }),
        TimeProvider.System,
        NullLogger<UserKeyRing>.Instance);

    /// <summary>Key of a user's mark.</summary>
    public static string KeyOf(string userId, string kind) => Contracts.Keys.Forgotten(Keys.All[0].HashOf(userId), kind);

    /// <summary>The marks that lie in a store.</summary>
    public static ForgottenMarks Store(IStateStore store) => new(store, Keys, Options.Create(new UsersOptions()));
}
