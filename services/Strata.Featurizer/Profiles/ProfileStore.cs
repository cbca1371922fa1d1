using BitFaster.Caching.Lru;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles;

/// <summary>
/// The profiles of one partition: read through a bounded memory, written through. It lives as long as its handler, so a write that failed
/// takes what is in memory with it.
/// </summary>
internal sealed class ProfileStore(IStateStore store, ForgottenMarks marks, int remembered)
{
    private const string Kind = "profile";

    private readonly ConcurrentLru<string, StoredProfile> _memory = new(remembered);

    /// <summary>
    /// The profiles of users by id; an unknown user has an empty one. One read for all that are not in memory, and one more where some are
    /// not in the store either, or are to be forgotten.
    /// </summary>
    public async ValueTask<Dictionary<string, StoredProfile>> LoadAsync(
        IReadOnlyCollection<string> users,
        IReadOnlySet<string> toForget,
        CancellationToken cancellationToken)
    {
        var profiles = new Dictionary<string, StoredProfile>(users.Count, StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var user in users)
        {
            if (!toForget.Contains(user) && _memory.TryGet(user, out var known))
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
            var marked = await marks.ReadAsync(
                Kind,
                [.. missing.Where((user, i) => values[i].Message is null || toForget.Contains(user))],
                cancellationToken);
            for (var i = 0; i < missing.Count; i++)
            {
                profiles[missing[i]] = StoredProfile.Read(missing[i], values[i], marked.GetValueOrDefault(missing[i]));
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
        string[] forgotten = [.. profiles.Where(profile => profile is { Changed: true, IsForgotten: true })
            .Select(profile => Keys.Profile(profile.UserId))];
        if (forgotten.Length > 0)
        {
            await store.DropSetAsideAsync(forgotten, cancellationToken);
        }

        await store.WriteAsync(
            [.. profiles.Where(profile => profile.Changed).SelectMany(profile => profile.TakeWrites(marks.Lifetime))],
            positions,
            cancellationToken);
        foreach (var profile in profiles)
        {
            if (profile.IsForgotten || profile.IsLeft)
            {
                _memory.TryRemove(profile.UserId);
            }
            else
            {
                _memory.AddOrUpdate(profile.UserId, profile);
            }
        }
    }
}
