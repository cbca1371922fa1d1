using System.IO.Hashing;
using System.Text;
using Google.Protobuf;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Shadow.Core;

/// <summary>Which events make shadow slates, and the examples made of them.</summary>
internal static class ShadowExamples
{
    /// <summary>A positive that no slate caused: the user went to the item on their own.</summary>
    public static bool IsOrganicPositive(UserEvent act)
        => !act.AggregateOnly
            && act.RequestId.Length == 0
            && act.ItemId.Length > 0
            && act.Kind is EventKind.Click or EventKind.Like or EventKind.Cart or EventKind.Purchase;

    /// <summary>The profile had taken an event with this id already: a producer's repetition that counts once.</summary>
    public static bool IsRepetition(Profile before, string eventId)
    {
        if (eventId.Length == 0)
        {
            return false;
        }

        var hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(eventId));
        return before.Seen.Any(seen => seen.IdHash == hash);
    }

    /// <summary>
    /// The example of a list from which <paramref name="itemId"/> was taken; when it is no candidate, the example says so.
    /// </summary>
    public static TrainingExample Of(ShadowList list, string userId, string itemId, DateTimeOffset time)
    {
        var positive = -1;
        for (var i = 0; i < list.ItemIds.Count && positive < 0; i++)
        {
            positive = list.ItemIds[i] == itemId ? i : -1;
        }

        return new TrainingExample
        {
            Origin = TrainingExample.Types.Origin.Shadow,
            Schema = list.Schema,
            Context = list.Context,
            TimeUnixMs = time.ToUnixTimeMilliseconds(),
            Candidates = (uint)list.ItemIds.Count,
            Features = UnsafeByteOperations.UnsafeWrap(FeatureBytes.Encode(list.Features)),
            Positive = positive,
            LayerId = list.LayerOf(itemId),
            UserBucket = Cohorts.BucketOf(userId),
            Cohorts = { list.Cohorts },
        };
    }
}
