using BitFaster.Caching.Lru;
using Strata.Clustering.Interests.Core;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;

namespace Strata.Clustering.Interests;

/// <summary>
/// Reads and writes the weights of one partition's users, {u:&lt;id&gt;}:layers behind one fence each, and behind them the position up to
/// which the store holds this partition.
/// </summary>
internal sealed class UserStore(IStateStore store, PartitionContext context, string topic, InterestsOptions options)
{
    // The smallest cache holds three.
    private readonly ConcurrentLru<string, CachedUser>? _cache =
        options.CachedUsers > 0 ? new(concurrencyLevel: 1, Math.Max(3, options.CachedUsers), StringComparer.Ordinal) : null;

    private readonly ulong _log = context.Logs[topic];
    private readonly string _positionKey = Keys.Position(context.Group, topic, context.Partition);

    /// <summary>
    /// Next offset that the store does not hold; 0 when it holds nothing of this log (it was emptied, or is another one).
    /// </summary>
    public async ValueTask<long> NextAsync(CancellationToken cancellationToken)
    {
        var position = (await store.ReadPositionsAsync([_positionKey], cancellationToken))[0];
        return position.Log == _log ? position.Next : 0;
    }

    /// <summary>Throws when the store lost what it held of this partition.</summary>
    public ValueTask CheckAsync(CancellationToken cancellationToken) => store.CheckPositionsAsync([_positionKey], cancellationToken);

    public async ValueTask<Dictionary<string, CachedUser>> ReadAsync(IEnumerable<string> userIds, CancellationToken cancellationToken)
    {
        var users = new Dictionary<string, CachedUser>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var userId in userIds)
        {
            if (_cache is not null && _cache.TryGet(Keys.UserLayers(userId), out var user))
            {
                users[userId] = user;
            }
            else
            {
                missing.Add(userId);
            }
        }

        if (missing.Count == 0)
        {
            return users;
        }

        var values = await store.ReadMessagesAsync([.. missing.Select(Keys.UserLayers)], UserLayers.Parser, cancellationToken);
        for (var i = 0; i < missing.Count; i++)
        {
            var weights = values[i].Message is { } message ? UserWeightsCodec.FromMessage(message) : UserWeights.Empty;
            users[missing[i]] = new CachedUser(Keys.UserLayers(missing[i]), values[i].Header.ToArray(), weights);
        }

        return users;
    }

    /// <summary>True when the user's value already holds the record at <paramref name="offset"/>.</summary>
    public bool Holds(CachedUser user, long offset) => FencedValue.ReadFence(user.Header.IsEmpty ? null : user.Header).Holds(_log, offset);

    /// <summary>
    /// Writes changed users, each with the offset after its last point, and then the position. Users enter the cache only once they are
    /// written.
    /// </summary>
    /// <exception cref="StateFencedException">Another writer has the partition.</exception>
    public async ValueTask WriteAsync(
        IReadOnlyList<(CachedUser User, UserWeights Weights, long Next)> changes, long next, CancellationToken cancellationToken)
    {
        var writes = new StateWrite[changes.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            var (user, weights, userNext) = changes[i];
            writes[i] = new StateWrite(
                user.Key, user.Header, FencedValue.Encode([new Fence(_log, userNext)], UserWeightsCodec.Encode(weights)));
        }

        await store.WriteAsync(writes, [KeyValuePair.Create(_positionKey, new Fence(_log, next))], cancellationToken);
        for (var i = 0; i < writes.Length; i++)
        {
            var (user, weights, _) = changes[i];
            user.Header = FencedValue.Header(writes[i].Value).ToArray();
            user.Weights = weights;
            _cache?.AddOrUpdate(user.Key, user);
        }
    }
}
