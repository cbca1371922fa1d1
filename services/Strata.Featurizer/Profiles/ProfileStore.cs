using BitFaster.Caching.Lru;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles;

/// <summary>
/// The profiles of one partition: read through a bounded memory, written through. It lives as long as its handler, so a write that failed
/// takes what is in memory with it.
/// </summary>
internal sealed class ProfileStore(IStateStore store, int remembered)
{
    private readonly ConcurrentLru<string, StoredProfile> _memory = new(remembered);

    /// <summary>The profiles of users by id; an unknown user has an empty one. One read for all that are not in memory.</summary>
    public async ValueTask<Dictionary<string, StoredProfile>> LoadAsync(
        IReadOnlyCollection<string> users,
        CancellationToken cancellationToken)
    {
        var profiles = new Dictionary<string, StoredProfile>(users.Count, StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var user in users)
        {
            if (_memory.TryGet(user, out var known))
            {
                profiles[user] = known;
            }
            else
            {
                missing.Add(user);
            }
        }

        if (missing.Count > 0)
        {
            var values = await store.ReadMessagesAsync([.. missing.Select(Keys.Profile)], Profile.Parser, cancellationToken);
            for (var i = 0; i < missing.Count; i++)
            {
                profiles[missing[i]] = StoredProfile.Read(missing[i], values[i]);
            }
        }

        return profiles;
    }

    /// <summary>Writes the changed ones, then the positions.</summary>
    public async ValueTask SaveAsync(
        IReadOnlyCollection<StoredProfile> profiles,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            [.. profiles.Where(profile => profile.Changed).Select(profile => profile.TakeWrite())], positions, cancellationToken);
        foreach (var profile in profiles)
        {
            _memory.AddOrUpdate(profile.UserId, profile);
        }
    }
}
