using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.Contracts.State.V1;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.HandingOver;
using Strata.ServiceDefaults.State;

namespace Strata.Cli.Export;

/// <summary>
/// Brings the rows of all users from the store to a writer, some at a time: what lies in memory beside the catalogue is one batch, and
/// some 20 bytes a user.
/// </summary>
internal sealed class MatrixExport(IConnectionMultiplexer store, RankingCopy ranking)
{
    private const int AtOnce = 512;

    /// <summary>Users whose rows were written, and those whose state could not be read.</summary>
    public async Task<(long Users, long Rows, long Unreadable)> RunAsync(
        IMatrixWriter writer, Action<int> told, CancellationToken cancellationToken)
    {
        var (users, rows, unreadable, some) = (0L, 0L, 0L, new List<string>(AtOnce));
        await foreach (var name in StoredUsers.NamesAsync(store, cancellationToken))
        {
            if (!ranking.IsStranger(name))
            {
                some.Add(name);
            }

            if (some.Count == AtOnce)
            {
                await WriteAsync();
            }
        }

        await WriteAsync();
        return (users, rows, unreadable);

        async Task WriteAsync()
        {
            var read = await ReadAsync(some);
            unreadable += read.Count(user => user.State is null);
            var known = read.Where(user => user.State is { Layers.LayerIds.Count: > 0 });
            MatrixRow[][] made =
            [
                .. known.AsParallel().AsOrdered().WithCancellation(cancellationToken)
                    .Select(user => ranking.RowOf(user.Name, user.State!).ToArray()),
            ];
            MatrixRow[] cells = [.. made.SelectMany(row => row)];
            await writer.WriteAsync(cells, cancellationToken);
            (users, rows) = (users + made.Count(row => row.Length > 0), rows + cells.Length);
            told((int)Math.Min(users, int.MaxValue));
            some.Clear();
        }
    }

    // The keys of a user lie in one slot of a cluster, those of several do not: they are read side by side.
    private async Task<IReadOnlyList<(string Name, UserState? State)>> ReadAsync(List<string> names)
    {
        var redis = store.GetDatabase();
        var values = await Task.WhenAll(names.Select(
            name => redis.StringGetAsync([.. HeldState.KeysOf(name).Select(key => (RedisKey)key)])));
        return [.. names.Zip(values, (name, held) => (name, StateOf(held)))];
    }

    // One value that cannot be used is its owner's to set aside; a row without it would be another row.
    private static UserState? StateOf(RedisValue[] held)
        => StoredMessages.TryRead(Bytes(held[0]), Profile.Parser, out var profile, out _)
            && StoredMessages.TryRead(Bytes(held[1]), UserLayers.Parser, out var layers, out _)
            && StoredMessages.TryRead(Bytes(held[2]), UserPolicy.Parser, out var policy, out _)
            ? new UserState(profile.Message, layers.Message, policy.Message)
            : null;

    private static ReadOnlyMemory<byte>? Bytes(RedisValue value) => value.IsNull ? null : (ReadOnlyMemory<byte>?)(byte[]?)value;
}
