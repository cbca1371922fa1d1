using System.Collections.Frozen;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Profiles;

/// <summary>What was handed over and may have to be sent again: once that is safe it is not kept any longer.</summary>
internal sealed class HandedOverProfiles
{
    // By user: offset of the order.
    private readonly Dictionary<string, long> _waiting = new(StringComparer.Ordinal);

    /// <summary>Remembers a profile that was handed over.</summary>
    public void Note(StoredProfile profile)
    {
        if (profile.UndoLog.Find(undo => undo.HandOver is not null) is { } handed)
        {
            _waiting[profile.UserId] = handed.Offset;
        }
    }

    /// <summary>Lets go of all that is committed; each profile must be as it is stored.</summary>
    public async ValueTask LetGoAsync(ProfileStore profiles, long committed, CancellationToken cancellationToken)
    {
        string[] users = [.. _waiting.Where(handed => handed.Value < committed).Select(handed => handed.Key)];
        if (users.Length == 0)
        {
            return;
        }

        var handedOver = await profiles.LoadAsync(users, FrozenSet<string>.Empty, cancellationToken);
        foreach (var profile in handedOver.Values)
        {
            profile.LetGo(committed);
            _waiting.Remove(profile.UserId);
        }

        await profiles.SaveAsync(handedOver.Values, [], cancellationToken);
    }
}
