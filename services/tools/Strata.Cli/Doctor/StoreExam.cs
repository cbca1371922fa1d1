using StackExchange.Redis;
using Strata.Cli.Doctor.Core;

namespace Strata.Cli.Doctor;

/// <summary>Looks at a store: what it says of itself, and whether it takes a key for a second.</summary>
internal static class StoreExam
{
    /// <summary>Where the write is tried: below the prefix of positions, which the rights of every service open.</summary>
    private static readonly RedisKey Trial = "pos:{doctor}";

    /// <summary>Words of Redis and of its client for credentials that do not count.</summary>
    private static readonly string[] Refusals =
        ["WRONGPASS", "NOAUTH", "AuthenticationFailure", "invalid username-password", "invalid password"];

    private static readonly TimeSpan Briefly = TimeSpan.FromSeconds(1);

    public static async Task<StoreFacts> LookAsync(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = true;
        options.AllowAdmin = true; // INFO and CONFIG GET
        options.ConnectRetry = 1;
        var said = new StringWriter();
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(options, said);
            var server = redis.GetServers().First(server => server.IsConnected);
            var state = (await server.InfoAsync()).SelectMany(section => section)
                .GroupBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(pairs => pairs.Key, pairs => pairs.First().Value, StringComparer.Ordinal);
            return new StoreFacts(null, state, await SavesAsync(server), await WriteAsync(server), await server.TimeAsync());
        }
        catch (RedisException fault)
        {
            var text = $"{fault.Message} {said}";
            var refused = Refusals.Any(word => text.Contains(word, StringComparison.Ordinal));
            var address = string.Join(", ", options.EndPoints);
            return new StoreFacts(new Silence(
                refused ? $"the store at {address} refuses the user or password" : $"the store at {address} does not answer", refused));
        }
    }

    private static async Task<string?> SavesAsync(IServer server)
    {
        try
        {
            return (await server.ConfigGetAsync("save")).FirstOrDefault().Value;
        }
        catch (RedisServerException)
        {
            return null; // a user without that right; then nothing is said of it
        }
    }

    private static async Task<string?> WriteAsync(IServer server)
    {
        if (server.IsReplica)
        {
            return "READONLY a replica"; // the client would not even ask it
        }

        try
        {
            await server.ExecuteAsync("SET", [Trial, "", "PX", (long)Briefly.TotalMilliseconds]);
            return null;
        }
        catch (RedisServerException fault)
        {
            return fault.Message.StartsWith("MOVED", StringComparison.Ordinal) ? null : fault.Message; // another node's, and it says so
        }
    }
}
