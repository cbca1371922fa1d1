using Google.Protobuf.Collections;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>What a user wants of layers. The newest word on a layer counts, newest first; forgetting stands beside it.</summary>
internal static class ProfileControls
{
    public static void Apply(Profile profile, LayerControl control)
    {
        var forgets = control.Action == LayerAction.Forget;
        Remove(profile.Controls, known => known.LayerId == control.LayerId && (known.Action == LayerAction.Forget) == forgets, keep: 0);
        if (control.Action != LayerAction.Clear)
        {
            var kept = control.Clone();
            kept.ItemIds.Clear();
            kept.Queries.Clear();
            kept.Terms.Clear();
            profile.Controls.Insert(0, kept);
        }

        Remove(profile.Controls, known => (known.Action == LayerAction.Forget) == forgets, keep: Keys.ProfileControls);
        foreach (var id in control.ItemIds)
        {
            // A copy: what an event changed may be rolled back to the entry as it was.
            if (ProfileItems.IndexOf(profile.Items, id) is >= 0 and var index)
            {
                profile.Items[index] = profile.Items[index].Clone();
                profile.Items[index].Forgotten = true;
            }
        }

        Remove(profile.Queries, query => control.Queries.Contains(query.Text), keep: 0);
        Remove(profile.Terms, term => control.Terms.Contains(term.Term), keep: 0);
        if (forgets && profile.Queries.Count == 0 && profile.Items.All(item => item.Forgotten))
        {
            profile.Terms.Clear();
        }
    }

    private static void Remove<T>(RepeatedField<T> entries, Predicate<T> match, int keep)
    {
        var matching = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            if (match(entries[i]) && ++matching > keep)
            {
                entries.RemoveAt(i--);
            }
        }
    }
}
