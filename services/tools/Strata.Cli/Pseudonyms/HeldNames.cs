using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.HandingOver;
using Strata.ServiceDefaults.Pseudonyms;

namespace Strata.Cli.Pseudonyms;

/// <summary>By which names the store holds something of users, and under which key each was made.</summary>
internal sealed class HeldNames(IConnectionMultiplexer store, IReadOnlyList<UserKey> keys, bool fromPlain)
{
    private const int AtOnce = 256;

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
        var some = new List<string>(AtOnce);
        await foreach (var name in StoredUsers.NamesAsync(store, cancellationToken))
        {
            some.Add(name);
            if (some.Count == AtOnce)
            {
                foreach (var held in await WithHeldAsync(some))
                {
                    yield return held;
                }

                some.Clear();
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
