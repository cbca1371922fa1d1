using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// The step profile × event → profile. Pure but for changing the profile in place: the same events in the same order give the same bytes,
/// however they are divided into batches and whenever they are read. Only event time counts; a late event weighs what it would weigh now
/// had it come in time, so the order makes no difference while no list is full and no two times are the same. Not for several threads at
/// once.
/// </summary>
/// <param name="options">Bounds, half-lives and weights.</param>
public sealed class ProfileStep(ProfilesOptions options)
{
    private const int LongestAttribute = 64;

    private readonly List<string> _fallen = [];
    private readonly ProfileTerms _terms = new(options.Terms, options.TermHalfLife);

    /// <summary>True when the profile has absorbed an event with the same id and a lower offset.</summary>
    public static bool IsDuplicate(Profile profile, in ProfileAct act)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (act.IdHash == 0)
        {
            return false;
        }

        foreach (var seen in profile.Seen)
        {
            if (seen.IdHash == act.IdHash && seen.Offset < act.Offset)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Absorbs an event that is no duplicate, and returns what rolls its change of the items back. The profile's undo log is left to the
    /// caller.
    /// </summary>
    public Undo Apply(Profile profile, in ProfileAct act)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var undo = act.Kind switch
        {
            EventKind.Search or EventKind.Control => new Undo { Offset = act.Offset, Index = -1 },
            EventKind.Dismiss => ProfileItems.Dismiss(profile, act, options.Dismissed),
            _ => ProfileItems.Touch(profile, act, options.Items, options.CountHalfLife),
        };
        if (act.Kind == EventKind.Search && act.Says)
        {
            ProfileQueries.Add(profile.Queries, act, options.Queries);
        }
        else if (act is { Kind: EventKind.Control, Control: { } control })
        {
            ProfileControls.Apply(profile, control);
        }

        _terms.Add(profile, act.Terms, options.Weights.Of(act.Kind), act.TimeUnixMs);
        if (act.IdHash != 0)
        {
            // The oldest becomes the newest: objects that live long are not made anew with each event.
            var seen = new SeenEvent();
            while (profile.Seen.Count >= options.Seen)
            {
                seen = profile.Seen[^1];
                profile.Seen.RemoveAt(profile.Seen.Count - 1);
            }

            (seen.IdHash, seen.Offset) = (act.IdHash, act.Offset);
            profile.Seen.Insert(0, seen);
        }

        profile.LastEventUnixMs = Math.Max(profile.LastEventUnixMs, act.TimeUnixMs);
        profile.Events++;
        _fallen.Clear();
        ProfileBudget.Shed(profile, options.MaxBytes, undo.Evicted, _fallen);
        foreach (var item in undo.Evicted)
        {
            ProfileSketch.Add(profile, item, act.TimeUnixMs);
        }

        foreach (var id in _fallen)
        {
            ProfileSketch.AddDismissed(profile, id, act.TimeUnixMs);
        }

        return undo;
    }

    /// <summary>Takes over attributes. The key names the user, so the id is left out; a value longer than 64 characters is cut.</summary>
    public void SetAttributes(Profile profile, UserAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(attributes);
        profile.Attributes = new UserAttributes
        {
            AgeBand = Cut(attributes.AgeBand),
            Gender = Cut(attributes.Gender),
            Region = Cut(attributes.Region),
            Updated = attributes.Updated,
        };

        static string Cut(string text) => text.Length <= LongestAttribute ? text : text[..LongestAttribute];
    }

    /// <summary>
    /// The events' log is another one (a recreated topic, another broker): its offsets have nothing to do with those in the profile, which
    /// become 0.
    /// </summary>
    public static void StartLog(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        foreach (var item in profile.Items)
        {
            item.Offset = 0;
        }

        foreach (var seen in profile.Seen)
        {
            seen.Offset = 0;
        }
    }
}
