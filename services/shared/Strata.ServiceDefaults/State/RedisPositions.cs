using System.Globalization;
using StackExchange.Redis;
using Strata.Contracts;

namespace Strata.ServiceDefaults.State;

/// <summary>
/// Positions of partitions of the log, as Redis holds them. What a position says of values it can say only for the node that holds both:
/// so in a Redis Cluster every primary has a copy, and each of them is written in the same way. A node that was taken over by a replica
/// that lacks something, or came back older, is found by its copy.
/// </summary>
internal static class RedisPositions
{
    /// <summary>Parts of the hash slots; the first that a node owns has its copy.</summary>
    private const int Parts = 64;

    private const int Slots = 16_384;

    private static string[]? _tags;

    /// <summary>Reads positions with the lives of the servers that hold them.</summary>
    /// <exception cref="RedisConnectionException">A part of the cluster is away.</exception>
    public static async Task<StoredPosition[]> LookAsync(IDatabase redis, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        var own = await Task.WhenAll(keys.Select(key => LookAsync(redis, key, 0)));

        // Behind the first answer: before it nobody knows whether this is a cluster.
        var parts = PartsOfPrimaries(redis);
        return await Task.WhenAll(keys.Select(async (key, i) =>
        {
            var copies = parts.Select(part => LookAsync(redis, Keys.PositionCopy(key, Tags(redis)[part]), 1ul << part));
            return new StoredPosition([own[i], .. await Task.WhenAll(copies)]);
        }));
    }

    /// <summary>Sets positions where the servers live that they were read from; false: one does not, or another writer was there.</summary>
    public static async Task<bool> SealAsync(IDatabase redis, IReadOnlyList<StoredPosition> before, IReadOnlyList<Fence> positions)
    {
        var answers = await Task.WhenAll(before.SelectMany((stored, i) =>
        {
            var together = stored.Copies.Aggregate(0ul, (bits, copy) => bits | copy.Bit);
            return stored.Copies.Select(copy => redis.ScriptEvaluateAsync(
                StateScripts.Seal, [copy.Key], [copy.Life, copy.Bytes, copy.With(positions[i], together)]));
        }));
        return Array.TrueForAll(answers, answer => (int)answer == 1);
    }

    private static async Task<PositionCopy> LookAsync(IDatabase redis, string key, ulong bit)
    {
        var answer = await redis.ScriptEvaluateAsync(StateScripts.Look, [key]);
        return new PositionCopy(key, bit, (string)answer[0]!, (byte[]?)answer[1] ?? []);
    }

    /// <summary>
    /// Outside a cluster none; else one for each primary, the same as long as it has its slots. By what the connection knows of the
    /// cluster, without a question to anybody: who takes over a primary has its slots.
    /// </summary>
    private static int[] PartsOfPrimaries(IDatabase redis)
    {
        if (redis.Multiplexer.GetHashSlot(Keys.Contact) < 0)
        {
            return [];
        }

        var nodes = redis.Multiplexer.GetServers().Where(server => server.IsConnected).Select(server => server.ClusterConfiguration)
            .FirstOrDefault(known => known is not null) ?? throw Away("Nobody says who holds which part of the cluster.");
        return
        [
            .. Enumerable.Range(0, Parts).DistinctBy(part
                => nodes.GetBySlot(Tags(redis)[part])?.NodeId ?? throw Away("A part of the cluster has no primary.")),
        ];
    }

    private static RedisConnectionException Away(string what)
        => new(ConnectionFailureType.UnableToConnect, CommandFlags.DemandMaster, what);

    /// <summary>For each part the least number whose text hashes to one of its slots.</summary>
    private static string[] Tags(IDatabase redis)
    {
        if (_tags is { } tags)
        {
            return tags;
        }

        tags = new string[Parts];
        for (var (number, left) = (0, Parts); left > 0; number++)
        {
            var tag = number.ToString(CultureInfo.InvariantCulture);
            ref var found = ref tags[redis.Multiplexer.GetHashSlot(tag) * Parts / Slots];
            (found, left) = found is null ? (tag, left - 1) : (found, left);
        }

        return _tags = tags;
    }
}
