using System.Text;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.EndToEnd.Harness;
using Strata.ServiceDefaults.State;

namespace Strata.EndToEnd.Renaming;

/// <summary>What store and log hold of users by their names.</summary>
internal static class NamedState
{
    /// <summary>A profile without what says where something stands in a log; null: there is none.</summary>
    public static Profile? Profile(ConnectionMultiplexer redis, string name)
    {
        var value = (byte[]?)redis.GetDatabase().StringGet(Keys.Profile(name));
        if (value is null)
        {
            return null;
        }

        var profile = Contracts.State.V1.Profile.Parser.ParseFrom(FencedValue.Payload(value).Span);
        profile.UndoLog.Clear();
        foreach (var item in profile.Items)
        {
            item.Offset = 0;
        }

        foreach (var seen in profile.Seen)
        {
            seen.Offset = 0;
        }

        return profile;
    }

    public static UserLayers? Weights(ConnectionMultiplexer redis, string name)
        => (byte[]?)redis.GetDatabase().StringGet(Keys.UserLayers(name)) is { } value
            ? UserLayers.Parser.ParseFrom(FencedValue.Payload(value).Span)
            : null;

    public static void AssertNear(UserLayers expected, UserLayers actual)
    {
        Assert.Equal(expected.LayerIds, actual.LayerIds);
        Assert.Equal(expected.AsOfUnixMs, actual.AsOfUnixMs);
        Assert.All(expected.LongWeights.Zip(actual.LongWeights), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(expected.ShortWeights.Zip(actual.ShortWeights), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(expected.TouchedItemIds, actual.TouchedItemIds);
    }

    public static IReadOnlyList<string> KeysOf(ConnectionMultiplexer redis)
        => [.. redis.GetServers()[0].Keys(pattern: "*").Select(key => key.ToString())];

    /// <summary>No key and value of the store and no record of a topic holds an id; records by name there are.</summary>
    public static async Task AssertHoldsNoIdAsync(ConnectionMultiplexer redis, StateReader reader, string ids)
    {
        var id = Encoding.UTF8.GetBytes(ids);
        foreach (var key in KeysOf(redis))
        {
            Assert.DoesNotContain(ids, key, StringComparison.Ordinal);
            if (await redis.GetDatabase().KeyTypeAsync(key) == RedisType.String)
            {
                Assert.True(((byte[]?)await redis.GetDatabase().StringGetAsync(key)).AsSpan().IndexOf(id) < 0, key);
            }
        }

        var ofUsers = 0;
        foreach (var topic in Topics.All)
        {
            foreach (var record in await reader.RecordsAsync(topic.Name, TestContext.Current.CancellationToken))
            {
                Assert.DoesNotContain(ids, record.Key ?? "", StringComparison.Ordinal);
                Assert.True((record.Value ?? default).Span.IndexOf(id) < 0, topic.Name);
                ofUsers += record.Key?.StartsWith("first.", StringComparison.Ordinal) == true ? 1 : 0;
            }
        }

        Assert.True(ofUsers > 0, "no record of a user was read");
    }
}
