using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.HandingOver;
using Strata.ServiceDefaults.Pseudonyms;

namespace Strata.Cli.Pseudonyms;

/// <summary>By which names the store holds something of users, and under which key each was made.</summary>
internal sealed class HeldNames(IConnectionMultiplexer store, IReadOnlyList<UserKey> keys, bool fromPlain)
{
    private const int AtOnce = 256;
    private const string Prefix = "{u:";

    /// <summary>Names under older keys that hold something, each once: what it holds, and the name that it goes on under.</summary>
    public async IAsyncEnumerable<(string From, string To, int Held)> OlderAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (name, held) in AllAsync(cancellationToken))
        {
            if (PseudonymKey.NewestOf(name, keys, fromPlain) is { } newest)
            {
                yield return (name, newest, held);
            }
        }
    }

    /// <summary>Which kinds of values these names hold, as bits of <see cref="HeldState.Kinds"/>.</summary>
    public async Task<IReadOnlyList<int>> HeldAsync(IReadOnlyList<string> names)
    {
        RedisKey[] all = [.. names.SelectMany(HeldState.KeysOf).Select(key => (RedisKey)key)];
        var values = await Task.WhenAll(all.Select(key => store.GetDatabase().StringGetAsync(key)));
        var kinds = HeldState.Kinds.Count;
        return
        [
            .. names.Select((_, i) => Enumerable.Range(0, kinds)
                .Sum(kind => HeldState.Holds(HeldState.Kinds[kind], Bytes(values[(i * kinds) + kind])) ? 1 << kind : 0)),
        ];
    }

    /// <summary>What lies under which key.</summary>
    public async Task<RekeyReport> CountAsync(CancellationToken cancellationToken)
    {
        var rows = keys.Select(key => key.Name).Append(fromPlain ? RekeyReport.Plain : RekeyReport.Unknown)
            .Select(name => new KeyRow { Key = name }).ToArray();
        await foreach (var (name, held) in AllAsync(cancellationToken))
        {
            var made = keys.ToList().FindIndex(key => PseudonymKey.IsBy(key, name));
            rows[made < 0 ? ^1 : made].Add(held);
        }

        return new RekeyReport(rows, 0);
    }

    private async IAsyncEnumerable<(string Name, int Held)> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A scan may say a key twice, and a name has up to three: what was looked at is known by its hash, 8 bytes a user.
        var (seen, some) = (new HashSet<ulong>(), new List<string>(AtOnce));
        foreach (var server in store.GetServers().Where(server => !server.IsReplica))
        {
            if (!server.IsConnected)
            {
                throw new RedisConnectionException(
                    ConnectionFailureType.UnableToConnect, CommandFlags.None, $"{server.EndPoint} is away: what it holds is not known.");
            }

            await foreach (var key in server.KeysAsync(pattern: Prefix + "*", pageSize: 1000).WithCancellation(cancellationToken))
            {
                var text = key.ToString();
                var end = text.LastIndexOf("}:", StringComparison.Ordinal);
                if (end > 0 && seen.Add(System.IO.Hashing.XxHash64.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(text[..end]))))
                {
                    some.Add(text[Prefix.Length..end]);
                }

                if (some.Count == AtOnce)
                {
                    foreach (var held in await WithHeldAsync(some))
                    {
                        yield return held;
                    }

                    some.Clear();
                }
            }
        }

        foreach (var held in await WithHeldAsync(some))
        {
            yield return held;
        }
    }

    private async Task<IEnumerable<(string Name, int Held)>> WithHeldAsync(List<string> names)
        => names.ToArray().Zip(await HeldAsync(names)).Where(held => held.Second != 0);

    private static ReadOnlyMemory<byte>? Bytes(RedisValue value) => value.IsNull ? null : (ReadOnlyMemory<byte>?)(byte[]?)value;
}
