using Google.Protobuf.Collections;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// Makes one profile of two, as if one user had done what both did; within the bounds of one. Of who had nothing it makes what was taken
/// over, to the byte but for positions in the log. Pure but for changing the profile in place. Not for several threads at once.
/// </summary>
/// <param name="options">Bounds and half-lives.</param>
internal sealed class ProfileMerge(ProfilesOptions options)
{
    private const uint DismissBit = 1u << (int)EventKind.Dismiss;

    // A forgotten layer's weights decay as Clustering's do.
    private static readonly TimeSpan LongHalfLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortHalfLife = TimeSpan.FromHours(1);

    private readonly ProfileTerms _terms = new(options.Terms, options.TermHalfLife);
    private readonly List<string> _fallen = [];

    /// <summary>Takes over a profile, which is left as it is.</summary>
    /// <param name="profile">Who takes over.</param>
    /// <param name="taken">Without positions of its own log.</param>
    /// <param name="timeUnixMs">When it was asked for: what falls off the lists fell off then.</param>
    public void Apply(Profile profile, Profile taken, long timeUnixMs)
    {
        var evicted = new RepeatedField<ProfileItem>();
        _fallen.Clear();
        Items(profile, taken, evicted);
        Dismissals(profile, taken);
        Queries(profile, taken);
        _terms.Add(profile, taken.Terms, 1, taken.TermsAsOfUnixMs);
        profile.Attributes = taken.Attributes is { } attributes
            && (profile.Attributes is null || TimeOf(attributes) > TimeOf(profile.Attributes)) ? attributes.Clone() : profile.Attributes;
        foreach (var seen in taken.Seen.Where(seen => profile.Seen.All(known => known.IdHash != seen.IdHash)).ToArray())
        {
            if (profile.Seen.Count < options.Seen)
            {
                profile.Seen.Add(seen.Clone());
            }
        }

        Points(profile, taken);
        profile.LastEventUnixMs = Math.Max(profile.LastEventUnixMs, taken.LastEventUnixMs);
        profile.Events += taken.Events;
        Controls(profile, taken);
        profile.Sketch = ProfileSketch.Union(profile.Sketch, taken.Sketch);
        profile.Forgotten = Newest(profile.Forgotten, taken.Forgotten);
        ProfileBudget.Shed(profile, options.MaxBytes, evicted, _fallen);
        foreach (var item in evicted)
        {
            ProfileSketch.Add(profile, item, timeUnixMs);
        }

        foreach (var id in _fallen)
        {
            ProfileSketch.AddDismissed(profile, id, timeUnixMs);
        }
    }

    private void Items(Profile profile, Profile taken, RepeatedField<ProfileItem> evicted)
    {
        var items = profile.Items.ToList();
        foreach (var other in taken.Items)
        {
            if (ProfileItems.IndexOf(items, other.ItemId) is >= 0 and var at)
            {
                items[at] = Both(items[at], other);
            }
            else
            {
                items.Add(other.Clone());
            }
        }

        profile.Items.Clear();
        profile.Items.AddRange(items.OrderByDescending(item => item.LastUnixMs));
        while (profile.Items.Count > options.Items)
        {
            ProfileItems.Evict(profile.Items, evicted);
        }
    }

    private ProfileItem Both(ProfileItem own, ProfileItem other)
    {
        var newer = own.LastUnixMs >= other.LastUnixMs ? own : other;
        var dismissed = Math.Max(own.DismissedUnixMs, other.DismissedUnixMs);
        var stays = dismissed >= newer.LastUnixMs || ((newer.Kinds & DismissBit) != 0 && newer.DismissedUnixMs == 0);
        return new ProfileItem
        {
            ItemId = own.ItemId,
            LastUnixMs = newer.LastUnixMs,
            Kinds = ((own.Kinds | other.Kinds) & ~DismissBit) | (stays ? DismissBit : 0),
            DismissedUnixMs = stays ? dismissed : 0,
            Count = (float)(Counted(own) + Counted(other)),
            Offset = own.Offset,
            Forgotten = newer.Forgotten,
        };

        // What is forgotten begins anew when it is touched again.
        double Counted(ProfileItem item)
            => item.Forgotten && !newer.Forgotten
                ? 0
                : item.Count * Decay.Factor(newer.LastUnixMs - item.LastUnixMs, options.CountHalfLife);
    }

    private void Dismissals(Profile profile, Profile taken)
    {
        var all = new List<(string Id, long Time)>();
        foreach (var (id, time) in Of(profile).Concat(Of(taken)))
        {
            if (ProfileItems.IndexOf(profile.Items, id) is >= 0 and var at)
            {
                var item = profile.Items[at];
                if (time >= item.LastUnixMs)
                {
                    item.Kinds |= DismissBit;
                    item.DismissedUnixMs = Math.Max(time, item.DismissedUnixMs);
                }
            }
            else if (all.FindIndex(known => known.Id == id) is >= 0 and var known)
            {
                all[known] = (id, Math.Max(time, all[known].Time));
            }
            else
            {
                all.Add((id, time));
            }
        }

        profile.Dismissed.Clear();
        profile.DismissedUnixMs.Clear();
        foreach (var (id, time) in all.OrderByDescending(entry => entry.Time))
        {
            profile.Dismissed.Add(id);
            profile.DismissedUnixMs.Add(time);
        }

        _fallen.AddRange(profile.Dismissed.Skip(options.Dismissed));
        ProfileItems.CutDismissals(profile, options.Dismissed);

        static IEnumerable<(string Id, long Time)> Of(Profile from)
            => from.Dismissed.Select((id, i) => (id, i < from.DismissedUnixMs.Count ? from.DismissedUnixMs[i] : 0)).ToArray();
    }

    private void Queries(Profile profile, Profile taken)
    {
        var all = profile.Queries.Concat(taken.Queries.Select(query => query.Clone()))
            .OrderByDescending(query => query.TimeUnixMs)
            .DistinctBy(query => query.Text)
            .Take(options.Queries)
            .ToArray();
        profile.Queries.Clear();
        profile.Queries.AddRange(all);
    }

    private void Points(Profile profile, Profile taken)
    {
        if (taken.Points <= 0)
        {
            return;
        }

        var asOf = profile.Points > 0 ? Math.Max(profile.PointsAsOfUnixMs, taken.PointsAsOfUnixMs) : taken.PointsAsOfUnixMs;
        profile.Points = (float)((profile.Points * Decay.Factor(asOf - profile.PointsAsOfUnixMs, options.PointsHalfLife))
            + (taken.Points * Decay.Factor(asOf - taken.PointsAsOfUnixMs, options.PointsHalfLife)));
        profile.PointsAsOfUnixMs = asOf;
    }

    // Who takes over has said what they want later, or knows better.
    private static void Controls(Profile profile, Profile taken)
    {
        foreach (var control in taken.Controls)
        {
            var forgets = control.Action == LayerAction.Forget;
            var same = profile.Controls.FirstOrDefault(
                known => known.LayerId == control.LayerId && (known.Action == LayerAction.Forget) == forgets);
            if (same is null)
            {
                if (profile.Controls.Count(known => (known.Action == LayerAction.Forget) == forgets) < Keys.ProfileControls)
                {
                    profile.Controls.Add(control.Clone());
                }
            }
            else if (forgets)
            {
                // The weights are one sum from here on, and so is what is not to count of it.
                var asOf = Math.Max(same.AsOfUnixMs, control.AsOfUnixMs);
                (same.LongWeight, same.ShortWeight) = (
                    Sum(same.LongWeight, control.LongWeight, LongHalfLife),
                    Sum(same.ShortWeight, control.ShortWeight, ShortHalfLife));

                float Sum(float own, float other, TimeSpan halfLife)
                    => (float)((own * Decay.Factor(asOf - same.AsOfUnixMs, halfLife))
                        + (other * Decay.Factor(asOf - control.AsOfUnixMs, halfLife)));
                same.AsOfUnixMs = asOf;
                same.AskedUnixMs = Math.Min(same.AskedUnixMs, control.AskedUnixMs);
            }
        }
    }

    private static Forgotten? Newest(Forgotten? own, Forgotten? other)
        => other is null || own?.AskedUnixMs >= other.AskedUnixMs ? own : other.Clone();

    private static DateTimeOffset TimeOf(Contracts.Catalog.V1.UserAttributes attributes)
        => attributes.Updated?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;
}
