using System.IO.Hashing;
using System.Text;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// Which of a user's points the layers learn from, so that nobody's layers are one user's to bend. A subject that the user had within the
/// window says nothing new. Of the others a point after c earlier ones counts with the chance log2((2 + c) / (1 + c)): n of them add
/// log2(1 + n) in the mean, c being the user's points decayed by event time. The draw is a hash of the user and of how many events they
/// had: no field of the event moves it, and neither do records that a producer sent twice.
/// </summary>
/// <param name="options">Window, half-life and weights.</param>
internal sealed class UserInfluence(ProfilesOptions options)
{
    /// <summary>
    /// True when the point of an event that is about to be applied is to change its user's weights only. Counts it.
    /// </summary>
    public bool IsUserOnly(Profile profile, string userId, in ProfileAct act)
    {
        // A dismissal only lowers its user's weights in any case.
        if (options.Weights.Of(act.Kind) <= 0)
        {
            return false;
        }

        var asOf = profile.Points > 0 ? Math.Max(profile.PointsAsOfUnixMs, act.TimeUnixMs) : act.TimeUnixMs;
        var before = profile.Points * Decay.Factor(asOf - profile.PointsAsOfUnixMs, options.PointsHalfLife);
        profile.Points = (float)(before + Decay.Factor(asOf - act.TimeUnixMs, options.PointsHalfLife));
        profile.PointsAsOfUnixMs = asOf;
        return IsRepeat(profile, act) || DrawOf(userId, profile.Events) >= Math.Log2((2 + before) / (1 + before));
    }

    /// <summary>The draw of a user's event from [0, 1).</summary>
    /// <param name="userId">User.</param>
    /// <param name="events">Events that they had before.</param>
    internal static double DrawOf(string userId, ulong events)
        => (XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(userId), (long)events) >> 11) * (1.0 / (1UL << 53));

    private bool IsRepeat(Profile profile, in ProfileAct act)
    {
        if (act.ItemId.Length > 0)
        {
            return ProfileItems.IndexOf(profile.Items, act.ItemId) is >= 0 and var index
                && IsWithin(act.TimeUnixMs - profile.Items[index].LastUnixMs);
        }

        var text = ProfileQueries.Cut(act.Query);
        foreach (var query in profile.Queries)
        {
            if (query.Text == text)
            {
                return IsWithin(act.TimeUnixMs - query.TimeUnixMs);
            }
        }

        return false;
    }

    private bool IsWithin(long elapsedMs) => Math.Abs(elapsedMs) < options.RepeatWindow.TotalMilliseconds;
}
