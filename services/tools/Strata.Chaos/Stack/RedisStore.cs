using System.Globalization;
using StackExchange.Redis;
using Strata.Chaos.Connections;

namespace Strata.Chaos.Stack;

/// <summary>
/// The store that services reach: one Redis, or a Redis Cluster of primaries with a replica each. Every node is behind a proxy, which in
/// a cluster is what nodes say of each other, too.
/// </summary>
internal sealed class RedisStore : IAsyncDisposable
{
    private const int Slots = 16_384;
    private const string NodeTimeout = "2000";

    private readonly bool _cluster;
    private readonly List<int> _buses = [];

    private RedisStore(string executable, string folder, int primaries)
    {
        _cluster = primaries > 0;
        var (nodes, proxies) = (new List<RedisServer>(), new List<TcpProxy>());
        for (var i = 0; i < Math.Max(1, 2 * primaries); i++)
        {
            var bus = FreePorts.Take(1);
            var settings = new List<string>();
            nodes.Add(new RedisServer(executable, Path.Combine(folder, $"node-{i + 1}")) { Settings = settings });
            proxies.Add(new TcpProxy(nodes[i].Port));
            if (_cluster)
            {
                settings.AddRange(
                [
                    "--cluster-enabled", "yes", "--cluster-node-timeout", NodeTimeout, "--cluster-port", Number(bus),
                    "--cluster-announce-ip", "127.0.0.1", "--cluster-announce-port", Number(proxies[i].Port),
                    "--cluster-announce-bus-port", Number(bus),
                ]);
                _buses.Add(bus);
            }
        }

        (Nodes, Proxies) = (nodes, proxies);
    }

    public IReadOnlyList<RedisServer> Nodes { get; }

    public IReadOnlyList<TcpProxy> Proxies { get; }

    /// <summary>What services are told.</summary>
    public string Address => string.Join(',', Proxies.Select(proxy => proxy.Address));

    /// <summary>Starts it, and waits until it takes writes.</summary>
    /// <param name="executable">Of Redis.</param>
    /// <param name="folder">For files and logs, one folder a node.</param>
    /// <param name="primaries">Of a cluster; 0: one Redis alone.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<RedisStore> StartAsync(string executable, string folder, int primaries, CancellationToken cancellationToken)
    {
        var store = new RedisStore(executable, folder, primaries);
        try
        {
            await Task.WhenAll(store.Nodes.Select(node => node.StartAsync(cancellationToken)));
            if (primaries > 0)
            {
                await store.JoinAsync(primaries, cancellationToken);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of the nodes that take writes.</summary>
    public async Task<RedisServer> PrimaryAsync(int index)
    {
        if (!_cluster)
        {
            return Nodes[0];
        }

        var primaries = new List<RedisServer>();
        foreach (var node in Nodes)
        {
            if ((await node.ExecuteAsync("INFO", "replication")).Contains("role:master", StringComparison.Ordinal))
            {
                primaries.Add(node);
            }
        }

        return primaries[index % primaries.Count];
    }

    /// <summary>A connection to all of it, past the proxies where there is no cluster.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync()
        => ConnectionMultiplexer.ConnectAsync($"{string.Join(',', Nodes.Select(node => node.Address))},allowAdmin=true");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var proxy in Proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // As redis-cli's --cluster create does it: equal ranges of slots, everybody meets the first, replicas follow.
    private async Task JoinAsync(int primaries, CancellationToken cancellationToken)
    {
        for (var i = 0; i < primaries; i++)
        {
            await Nodes[i].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", Slots * i / primaries, (Slots * (i + 1) / primaries) - 1);
            await Nodes[i].ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
        }

        foreach (var i in Enumerable.Range(1, Nodes.Count - 1))
        {
            await Nodes[i].ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", Proxies[0].Port, _buses[0]);
        }

        var ids = await Task.WhenAll(Nodes.Select(node => node.ExecuteAsync("CLUSTER", "MYID")));
        foreach (var replica in Enumerable.Range(primaries, primaries))
        {
            await UntilAsync(Nodes[replica], "CLUSTER", "NODES", ids[replica - primaries], cancellationToken);
            await Nodes[replica].ExecuteAsync("CLUSTER", "REPLICATE", ids[replica - primaries]);
        }

        foreach (var node in Nodes)
        {
            await UntilAsync(node, "CLUSTER", "INFO", "cluster_state:ok", cancellationToken);
        }

        foreach (var replica in Nodes.Skip(primaries))
        {
            await UntilAsync(replica, "INFO", "replication", "master_link_status:up", cancellationToken);
        }
    }

    private static async Task UntilAsync(
        RedisServer node, string command, string argument, string answer, CancellationToken cancellationToken)
    {
        while (!(await node.ExecuteAsync(command, argument)).Contains(answer, StringComparison.Ordinal))
        {
            await Task.Delay(100, cancellationToken);
        }
    }
}
