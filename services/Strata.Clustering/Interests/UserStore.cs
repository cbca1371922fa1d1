using BitFaster.Caching.Lru;
using Strata.Clustering.Interests.Core;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;

namespace Strata.Clustering.Interests;

/// <summary>
/// Reads and writes the weights of one partition's users, {u:&lt;id&gt;}:layers behind one fence each, and behind them the position up to
/// which the store holds this partition.
/// </summary>
internal sealed class UserStore(
    IStateStore store, ForgottenMarks marks, PartitionContext context, string topic, InterestsOptions options)
{
    private const string Kind = "layers";

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

    /// <summary>Users by id; those to be forgotten, and those of whom nothing is stored, with their marks.</summary>
    public async ValueTask<Dictionary<string, CachedUser>> ReadAsync(
        IEnumerable<string> userIds, IReadOnlySet<string> toForget, CancellationToken cancellationToken)
    {
        var users = new Dictionary<string, CachedUser>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var userId in userIds)
        {
            if (_cache is not null && !toForget.Contains(userId) && _cache.TryGet(Keys.UserLayers(userId), out var user))
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
        var marked = await marks.ReadAsync(
            Kind, [.. missing.Where((user, i) => values[i].Message is null || toForget.Contains(user))], cancellationToken);
        for (var i = 0; i < missing.Count; i++)
        {
            var weights = values[i].Message is { } message ? UserWeightsCodec.FromMessage(message) : UserWeights.Empty;
            var mark = marked.GetValueOrDefault(missing[i]);
            users[missing[i]] = new CachedUser(Keys.UserLayers(missing[i]), values[i].Header.ToArray(), weights)
            {
                Mark = mark,
                Forgotten = values[i].Message is { } stored ? stored.Forgotten : mark?.When,
                HandedOver = values[i].Message?.HandedOver.ToArray() ?? [],
            };
        }

        return users;
    }

    /// <summary>True when the user's value already holds the record at <paramref name="offset"/>.</summary>
    public bool Holds(CachedUser user, long offset) => user.Fence.Holds(_log, offset);

    /// <summary>
    /// Writes changed users, each with the offset after its last point, and then the position, where there is one. Users enter the cache
    /// only once they are written; of those who are forgotten a mark stays in the store, and nothing in the cache.
    /// </summary>
    /// <exception cref="StateFencedException">Another writer has the partition.</exception>
    public async ValueTask WriteAsync(
        IReadOnlyList<(CachedUser User, UserChange Change)> changes, long? next, CancellationToken cancellationToken)
    {
        string[] forgotten = [.. changes.Where(entry => entry.Change.Deletes).Select(entry => entry.User.Key)];
        if (forgotten.Length > 0)
        {
            await store.DropSetAsideAsync(forgotten, cancellationToken);
        }

        StateWrite[][] writes = [.. changes.Select(entry => WritesOf(entry.User, entry.Change).ToArray())];
        await store.WriteAsync(
            [.. writes.SelectMany(ofUser => ofUser)],
            next is { } position ? [KeyValuePair.Create(_positionKey, new Fence(_log, position))] : [],
            cancellationToken);
        foreach (var ((user, change), ofUser) in changes.Zip(writes))
        {
            if (change.Deletes || change.IsLeft)
            {
                _cache?.TryRemove(user.Key);
                continue;
            }

            user.Header = FencedValue.Header(ofUser[0].Value).ToArray();
            user.Weights = change.Weights;
            user.Forgotten = change.Forgotten;
            user.HandedOver = change.HandedOver;
            _cache?.AddOrUpdate(user.Key, user);
        }
    }

    private IEnumerable<StateWrite> WritesOf(CachedUser user, UserChange change)
    {
        if (!change.Deletes)
        {
            var payload = UserWeightsCodec.Encode(change.Weights, change.Forgotten, change.HandedOver);
            yield return new StateWrite(
                user.Key, user.Header, FencedValue.Encode([new Fence(_log, change.Next)], payload), change.IsLeft ? marks.Lifetime : null);
        }
        else if (!user.Header.IsEmpty)
        {
            yield return new StateWrite(user.Key, user.Header, null);
        }

        if (change.MarkNext is { } next)
        {
            yield return ForgottenMarks.Require(user.Mark).Write(change.Forgotten!, marks.Lifetime, new Fence(_log, next));
        }
    }
}
