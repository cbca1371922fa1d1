using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Users.V1;
using Strata.Edge.Consents;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.HandingOver;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Holdings;

/// <summary>
/// Makes one user of two ids: orders each name of the one to hand over what it holds to the newest name of the other, and looks until that
/// is done.
/// </summary>
internal sealed class UserMerging(
    IPublisher publisher,
    UserReader users,
    UserConsents consents,
    UserNames names,
    IOptions<HoldingsOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>What was handed over, once profile and weights have left.</summary>
    /// <exception cref="RpcException">
    /// FAILED_PRECONDITION: who takes over does not want to be known. DEADLINE_EXCEEDED: asked for, and not done yet.
    /// </exception>
    public async Task<MergeUsersResponse> MergeAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (!consents.Of(to).Personalise)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                "user_id does not want to be known, so nothing can go on as theirs: SetConsent with personalise first."));
        }

        var response = new MergeUsersResponse();
        var waiting = new List<(string Name, string Position, long Offset)>();
        foreach (var name in names.AllOf(from))
        {
            var held = await HeldAsync(name, cancellationToken);
            (response.Profile, response.Layers) = (response.Profile || held.Profile, response.Layers || held.Layers);
            var orders = new HandOverOrders(name, names.Of(to), SameUser: false, time.GetUtcNow());
            await publisher.PublishAsync(Topics.Impressions, name, orders.Impression, orders.Asked, cancellationToken);
            var at = await publisher.PublishAsync(Topics.Events, name, orders.Event, orders.Asked, cancellationToken);
            waiting.Add((name, Keys.Position(ConsumerGroups.ProfilesGroup, Topics.Events, at.Partition), at.Offset));
        }

        for (var start = time.GetTimestamp(); ;)
        {
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                if (await IsDoneAsync(waiting[i], cancellationToken))
                {
                    waiting.RemoveAt(i);
                }
            }

            if (waiting.Count == 0)
            {
                return response;
            }

            if (time.GetElapsedTime(start) >= options.Value.ForgetTimeout)
            {
                throw new RpcException(new Status(
                    StatusCode.DeadlineExceeded,
                    "It is asked for and will be done, but not everything has been handed over after "
                        + $"{options.Value.ForgetTimeout.TotalSeconds:0.#} s. Call again to wait for it."));
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    private async Task<bool> IsDoneAsync((string Name, string Position, long Offset) order, CancellationToken cancellationToken)
    {
        var position = (await users.RequireValuesAsync([order.Position], cancellationToken))[0];
        return FenceBytes.TryRead((position ?? default).Span, out var fence) && fence.Next > order.Offset
            && await HeldAsync(order.Name, cancellationToken) is { Profile: false, Layers: false };
    }

    private async Task<(bool Profile, bool Layers)> HeldAsync(string name, CancellationToken cancellationToken)
    {
        var values = await users.RequireValuesAsync([Keys.Profile(name), Keys.UserLayers(name)], cancellationToken);
        return (HeldState.Holds(HeldState.Kinds[0], values[0]), HeldState.Holds(HeldState.Kinds[1], values[1]));
    }
}
