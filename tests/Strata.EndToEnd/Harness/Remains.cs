using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.ServiceDefaults.Forgetting;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.EndToEnd.Harness;

/// <summary>Looks for a user in all that lasts: every key and value of the store, and every compacted topic.</summary>
internal sealed class Remains(StrataSystem system, TestStore store)
{
    /// <summary>A key of the store names the user.</summary>
    public async Task<bool> HasKeyAsync(string user)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        return KeysOf(redis).Any(key => key.Contains(user, StringComparison.Ordinal));
    }

    /// <summary>
    /// Nothing names the user but tombstones over their attributes and consent; three marks by keyed hash are there, each with its end.
    /// </summary>
    public async Task AssertNoneAsync(string user, CancellationToken cancellationToken)
    {
        var name = Encoding.UTF8.GetBytes(user);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        var mark = Keys.Forgotten(system.Services.GetRequiredService<UserKeyRing>().All[0].HashOf(user), "");
        var (database, marks) = (redis.GetDatabase(), 0);
        foreach (var key in KeysOf(redis))
        {
            Assert.DoesNotContain(user, key, StringComparison.Ordinal);
            if (await database.KeyTypeAsync(key) == RedisType.String)
            {
                Assert.True(((byte[]?)await database.StringGetAsync(key)).AsSpan().IndexOf(name) < 0, key);
            }

            if (key.StartsWith(mark, StringComparison.Ordinal))
            {
                marks++;
                Assert.InRange((await database.KeyTimeToLiveAsync(key))!.Value.TotalDays, 34, 35);
            }
        }

        Assert.Equal(3, marks);
        foreach (var topic in Topics.All.Where(topic => topic.Retention is null))
        {
            var newest = new Dictionary<string, StreamRecord>(StringComparer.Ordinal);
            foreach (var record in await RecordsAsync(topic.Name, cancellationToken))
            {
                newest[record.Key!] = record;
            }

            Assert.Equal(topic.Name is Topics.Users or Topics.Consents, newest.ContainsKey(user));
            Assert.All(newest.Values.Where(record => record.Value is not null), record =>
            {
                Assert.NotEqual(user, record.Key);
                Assert.True(record.Value!.Value.Span.IndexOf(name) < 0, topic.Name);
            });
        }
    }

    private static List<string> KeysOf(ConnectionMultiplexer redis)
        => [.. redis.GetServers()[0].Keys(pattern: "*").Select(key => key.ToString())];

    private async Task<List<StreamRecord>> RecordsAsync(string topic, CancellationToken cancellationToken)
    {
        var reader = system.Services.GetRequiredService<IPartitionReader>();
        var records = new List<StreamRecord>();
        var partitions = await system.Services.GetRequiredService<ITopics>().PartitionsAsync(topic, cancellationToken);
        for (var partition = 0; partition < partitions; partition++)
        {
            await foreach (var record in reader.ReadToEndAsync(topic, partition, cancellationToken))
            {
                records.Add(record);
            }
        }

        return records;
    }
}
