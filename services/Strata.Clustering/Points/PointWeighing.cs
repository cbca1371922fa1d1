using System.Collections.Frozen;
using Strata.Clustering.Assignment;
using Strata.Clustering.Catalogue;
using Strata.Clustering.Interests;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.Forgetting;
using Strata.Streaming.Consuming;

namespace Strata.Clustering.Points;

/// <summary>
/// What a point does to its user's weights: it adds to them, forgets them, hands them over to another name, or brings another name's.
/// What is handed over leaves as a point under the other name with the commit behind the order, and is kept until that is safe.
/// </summary>
internal sealed class PointWeighing(UserStore users, ItemTable items, InterestsOptions interests)
{
    // Users let go in one call.
    private const int AtOnce = 256;

    // By user who handed over: offset of the newest order.
    private readonly Dictionary<string, long> _handedOver = new(StringComparer.Ordinal);

    /// <summary>False when the user's value holds the point already.</summary>
    /// <param name="point">The point.</param>
    /// <param name="nearest">The layers nearest to it.</param>
    /// <param name="set">Those layers.</param>
    /// <param name="user">Its user as they are stored.</param>
    /// <param name="changed">Users as they are to be stored.</param>
    /// <param name="sentTo">Output of what lies below this offset is in the topics already.</param>
    /// <param name="outgoing">Takes what is to be sent once the weights are written.</param>
    public bool Weigh(
        in Point point,
        in Nearest nearest,
        LayerSet set,
        CachedUser user,
        Dictionary<string, UserChange> changed,
        long sentTo,
        List<Action<PartitionOutput>> outgoing)
    {
        var offset = point.Offset;
        if (user.HandedOver is [.., var last])
        {
            // Of a process before this one, that did not come to let it go.
            _handedOver.TryAdd(point.UserId, last.Offset);
        }

        if (users.Holds(user, offset))
        {
            if (point.HandOver is not null && offset >= sentTo
                && user.HandedOver.FirstOrDefault(handed => handed.Offset == offset) is { } again)
            {
                Send(point, again.Sent, outgoing);
            }

            return false;
        }

        if (point.Forgotten is { } forgotten)
        {
            changed[point.UserId] = new UserChange(UserWeights.Empty, offset + 1, forgotten, offset + 1, []);
            return true;
        }

        var known = changed.TryGetValue(point.UserId, out var before);
        if (!known)
        {
            before = new UserChange(Interest.Inherit(user.Weights, set, items.VectorOf), 0, user.Forgotten, null, user.HandedOver);
        }

        if (point.HandOver is { } order)
        {
            if (order.Layers is { } taken)
            {
                changed[point.UserId] = TakeOver(before with { Next = offset + 1 }, order, taken, set);
            }
            else if (known || !user.Header.IsEmpty)
            {
                changed[point.UserId] = HandOver(before with { Next = offset + 1 }, point, order, sentTo, outgoing);
            }

            return true;
        }

        changed[point.UserId] = before with
        {
            Weights = Interest.Add(before.Weights, set, nearest, point.Weight, point.EventTimeUnixMs, interests, point.ItemId),
            Next = offset + 1,
            IsLeft = false,
        };
        return true;
    }

    /// <summary>What was handed over and has arrived is not kept any longer. Users must be as they are stored.</summary>
    public async ValueTask LetGoAsync(long committed, CancellationToken cancellationToken)
    {
        string[] safe = [.. _handedOver.Where(handed => handed.Value < committed).Select(handed => handed.Key).Take(AtOnce)];
        if (safe.Length == 0)
        {
            return;
        }

        var known = await users.ReadAsync(safe, FrozenSet<string>.Empty, cancellationToken);
        await users.WriteAsync(
            [
                .. known.Values.Where(user => user.HandedOver.Count > 0).Select(user => (user, new UserChange(
                    user.Weights, user.Fence.Next, user.Forgotten, null, [], IsLeft: user.Weights.Entries.Count == 0))),
            ],
            null,
            cancellationToken);
        foreach (var user in safe)
        {
            _handedOver.Remove(user);
        }
    }

    private UserChange HandOver(
        UserChange before, in Point point, HandOver order, long sentTo, List<Action<PartitionOutput>> outgoing)
    {
        if (before.Weights.Entries.Count == 0)
        {
            // A forgotten user has a mark, and needs nothing else.
            return before.Deletes ? before : before with { IsLeft = true };
        }

        var sent = order.Clone();
        (sent.FromUserId, sent.Layers) = (point.UserId, UserWeightsCodec.ToMessage(before.Weights, before.Forgotten));
        var kept = before.HandedOver;
        if (point.Offset >= sentTo)
        {
            Send(point, sent, outgoing);
            kept = [.. kept, new HandedOver { Offset = point.Offset, Sent = sent }];
        }

        return before with { Weights = new UserWeights([], 0, 0), HandedOver = kept, IsLeft = true };
    }

    private UserChange TakeOver(UserChange before, HandOver handed, UserLayers taken, LayerSet set)
    {
        if (before.Forgotten.Covers(handed, taken.Forgotten))
        {
            return before;
        }

        var weights = Interest.Inherit(UserWeightsCodec.FromMessage(taken), set, items.VectorOf);
        return before with
        {
            Weights = Interest.Merge(before.Weights, weights, set, interests),
            Forgotten = handed.SameUser && taken.Forgotten is { } forgotten && !(before.Forgotten?.AskedUnixMs >= forgotten.AskedUnixMs)
                ? forgotten
                : before.Forgotten,
            IsLeft = false,
        };
    }

    private void Send(in Point point, HandOver sent, List<Action<PartitionOutput>> outgoing)
    {
        _handedOver[point.UserId] = point.Offset;
        var carried = new InterestPoint
        {
            UserId = sent.ToUserId,
            Kind = EventKind.TakeOver,
            EventTimeUnixMs = point.EventTimeUnixMs,
            HandOver = sent,
        };
        outgoing.Add(output => output.Send(
            Topics.InterestPoints, carried.UserId, carried, DateTimeOffset.FromUnixTimeMilliseconds(carried.EventTimeUnixMs)));
    }
}
