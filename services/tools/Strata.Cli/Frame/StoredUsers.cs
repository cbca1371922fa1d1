using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;

namespace Strata.Cli.Frame;

/// <summary>Names under which the store holds something of users: their ids, or pseudonyms where those are in use.</summary>
internal static class StoredUsers
{
    private const string Prefix = "{u:";

    /// <summary>
    /// Each name once, as the scans of all nodes come by them: a hash of each is kept, some 20 bytes, because a scan may say a key twice.
    /// </summary>
    /// <exception cref="RedisConnectionException">A node is away: what it holds is not known.</exception>
    public static async IAsyncEnumerable<string> NamesAsync(
        IConnectionMultiplexer store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<ulong>();
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
                if (end > 0 && seen.Add(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text[..end]))))
                {
                    yield return text[Prefix.Length..end];
                }
            }
        }
    }
}
