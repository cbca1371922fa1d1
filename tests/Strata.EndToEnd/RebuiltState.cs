using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Google.Protobuf;
using Grpc.Net.Client;
using StackExchange.Redis;
using Strata.Cli;
using Strata.Cli.Frame;
using Strata.Cli.Rebuild;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.EndToEnd.Harness;
using Strata.ServiceDefaults.State;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd;

/// <summary>
/// What somebody spoilt in the store is made anew by <c>strata rebuild</c> while everybody is served, profiles to the byte and weights by
/// today's layers; what retention took away is said with figures, and put back from an older copy of the store.
/// </summary>
[Trait("height", "system")]
public sealed class RebuiltState
{
    private const int Events = 240;

    private static readonly Dictionary<string, string> SeededLayersOnly = new(StringComparer.Ordinal)
    {
        ["Clustering:Reducer:SettleTime"] = "00:00:15",
        ["Clustering:Points:EpochPoints"] = "100000",
        ["Clustering:Points:EpochEventTime"] = "365.00:00:00",
        ["Clustering:Points:Linger"] = "01:00:00",
        ["Redis:PositionCheckInterval"] = "00:00:01",
    };

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rebuild_OfAUserThenOfAllBehindRetention_IsAsBefore()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var store = await RedisServerStore.StartAsync(Cancel);
        await using var copy = await RedisServerStore.StartAsync(Cancel);
        await using var deployment = await Deployment.StartAsync(broker, store, SeededLayersOnly, Cancel);
        var replay = new SampleEvents(deployment, Events);
        await replay.PutItemsAsync(Cancel);
        await using var reader = new StateReader(broker, store);
        await reader.UntilSeededAsync(Cancel);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        await replay.PublishAsync(0, 2, null, Cancel);
        await CopyAsync(redis, copy);
        await replay.PublishAsync(1, 2, null, Cancel);
        await reader.UntilStillAsync(replay.Published, Cancel);
        var before = await reader.ReadAsync(Cancel);
        var user = replay.Published.MaxBy(pair => pair.Value).Key;
        string[] rebuild = ["rebuild", "--kafka", broker.BootstrapServers, "--redis", store.ConnectionString];

        // One user, by hand and in good form: nothing could know that it is wrong.
        await SpoilAsync(redis, user);
        Assert.NotEqual(before.Profiles[Keys.Profile(user)], (await reader.ReadAsync(Cancel)).Profiles[Keys.Profile(user)]);
        var (code, report, said) = await RunAsync([.. rebuild, "--user", user]);

        Assert.True(code == ExitCode.Done, said);
        var rebuilt = report.Where(part => part is { Partitions: 1, Values: 1 }).Select(part => part.State);
        Assert.Equal(["profiles", "weights"], rebuilt.Take(2));
        await AssertAsBeforeAsync();

        // All, when half of the log is gone: not without an older copy.
        await TruncateAsync(broker, copy);
        foreach (var one in replay.Published.Keys)
        {
            await SpoilAsync(redis, one);
        }

        var spoilt = await reader.ReadAsync(Cancel);
        (code, report, said) = await RunAsync(rebuild);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("records are gone", said, StringComparison.Ordinal);
        Assert.True(report.Single(part => part.State == "profiles").Gone > 0);
        Assert.Equal(spoilt.Profiles.OrderBy(pair => pair.Key), (await reader.ReadAsync(Cancel)).Profiles.OrderBy(pair => pair.Key));

        var (slates, stale) = (0, 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var asking = AskAsync();
        (code, report, said) = await RunAsync([.. rebuild, "--snapshot", copy.ConnectionString]);
        await end.CancelAsync();
        await asking;

        Assert.True(code == ExitCode.Done, said);
        Assert.All(report, part => Assert.Equal(0, part.Gone));
        Assert.True(report.Single(part => part.State == "profiles").FromSnapshot > 0);
        await AssertAsBeforeAsync();
        Assert.True(stale > 0 && slates >= stale, $"{stale} of {slates} slates said that they were stale");

        // What arms of experiments come to goes with all users' counts, and not with one's. Nothing is touched: of the log half is gone.
        RedisKey[] sums = [.. Enumerable.Range(0, 12).Select(partition => (RedisKey)Keys.ArmOutcomes("older", "control", partition))];
        await Task.WhenAll(sums.Select(key => redis.GetDatabase().StringSetAsync(key, "of before")));
        (code, report, said) = await RunAsync([.. rebuild, "--service", "optimizer", "--user", user]);
        Assert.True(code == ExitCode.Failed && Assert.Single(report) is { Partitions: 1, Values: 1 }, said);
        (code, report, said) = await RunAsync([.. rebuild, "--service", "optimizer"]);
        Assert.True(code == ExitCode.Failed && Assert.Single(report) is { Values: > 1 } all && all.Values == all.Partitions, said);
        Assert.Equal(sums.Length, await redis.GetDatabase().KeyExistsAsync(sums));

        var codes = await deployment.StopAsync();
        Assert.All(codes, exit => Assert.True(exit.Value == 0, $"{exit.Key} ended with {exit.Value}: {deployment[exit.Key].Output}"));

        async Task AssertAsBeforeAsync()
        {
            var after = await reader.ReadAsync(Cancel);
            Assert.Equal(before.Profiles.OrderBy(pair => pair.Key), after.Profiles.OrderBy(pair => pair.Key));
            Assert.Equal(before.Weights.Keys.Order(), after.Weights.Keys.Order());
            Assert.All(before.Weights, pair => AssertWeighsAsMuch(pair.Value, after.Weights[pair.Key]));
        }

        // On which layers is for today's layers to say; how much, and of when, is for the log.
        static void AssertWeighsAsMuch(string expected, string actual)
        {
            var (was, now) = (Read(expected), Read(actual));
            Assert.Equal(was.AsOfUnixMs, now.AsOfUnixMs);
            Assert.True(Math.Abs(was.LongWeights.Sum() - now.LongWeights.Sum()) < 1e-3 * was.LongWeights.Sum(), $"was {was}, is {now}");
        }

        static UserLayers Read(string weights) => UserLayers.Parser.ParseFrom(Convert.FromHexString(weights));

        async Task AskAsync()
        {
            using var channel = GrpcChannel.ForAddress(deployment["Ranking"].Grpc);
            var client = new RankingClient(channel);
            while (!end.IsCancellationRequested)
            {
                var slate = await client.RecommendAsync(new RecommendRequest { UserId = user, DryRun = true }, cancellationToken: Cancel);
                Assert.NotEmpty(slate.Items);
                slates++;
                stale += slate.Degraded.Contains("stale") ? 1 : 0;
                await Task.Delay(50, Cancel);
            }
        }
    }

    private static async Task<(ExitCode Code, IReadOnlyList<RebuildPart> Report, string Said)> RunAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        budget.CancelAfter(TimeSpan.FromMinutes(2));
        var code = await Commands.Create().RunAsync([.. arguments, "--json"], output, error, budget.Token);
        var said = $"{error}{output}";
        Assert.True(output.ToString().Contains('{', StringComparison.Ordinal), said);
        return ((ExitCode)code, JsonSerializer.Deserialize<RebuildReport>(output.ToString(), SnakeCase)!.Parts, said);
    }

    /// <summary>What the store holds now, as a copy of its file would have it.</summary>
    private static async Task CopyAsync(ConnectionMultiplexer from, RedisServerStore to)
    {
        await using var copy = await ConnectionMultiplexer.ConnectAsync(to.ConnectionString);

        // Positions first, before anybody asks what other keys there are: what is written meanwhile is newer than they say, and its fence
        // says so. What they say was written is there.
        foreach (var positions in new[] { true, false })
        {
            foreach (var key in from.GetServers()[0].Keys(pattern: "*").Select(key => key.ToString()).ToList())
            {
                if (key.StartsWith(Keys.PositionPrefix, StringComparison.Ordinal) == positions
                    && await from.GetDatabase().KeyDumpAsync(key) is { } dump)
                {
                    await copy.GetDatabase().KeyRestoreAsync(key, dump);
                }
            }
        }
    }

    /// <summary>Another profile and other weights behind the same fences.</summary>
    private static async Task SpoilAsync(ConnectionMultiplexer redis, string user)
    {
        var store = redis.GetDatabase();
        var profile = (byte[])(await store.StringGetAsync(Keys.Profile(user)))!;
        var spoilt = Profile.Parser.ParseFrom(FencedValue.Payload(profile).Span);
        spoilt.Items.Clear();
        spoilt.Terms.Clear();
        await store.StringSetAsync(Keys.Profile(user), (byte[])[.. FencedValue.Header(profile).Span, .. spoilt.ToByteArray()]);
        if ((byte[]?)await store.StringGetAsync(Keys.UserLayers(user)) is { } weights)
        {
            var other = UserLayers.Parser.ParseFrom(FencedValue.Payload(weights).Span);
            for (var i = 0; i < other.LongWeights.Count; i++)
            {
                other.LongWeights[i] = 7;
            }

            await store.StringSetAsync(Keys.UserLayers(user), (byte[])[.. FencedValue.Header(weights).Span, .. other.ToByteArray()]);
        }
    }

    /// <summary>Retention takes what the copy holds, of events, points and impressions.</summary>
    private static async Task TruncateAsync(IBroker broker, RedisServerStore copy)
    {
        await using var older = await ConnectionMultiplexer.ConnectAsync(copy.ConnectionString);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        var ends = new List<TopicPartitionOffset>();
        foreach (var (group, topic) in new[]
            { (ConsumerGroups.ProfilesGroup, Topics.Events), (ConsumerGroups.PointsGroup, Topics.InterestPoints) })
        {
            var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count;
            for (var partition = 0; partition < partitions; partition++)
            {
                var bytes = (byte[]?)await older.GetDatabase().StringGetAsync(Keys.Position(group, topic, partition));
                if (FenceBytes.TryRead(bytes.AsSpan(), out var position) && position.Next > 0)
                {
                    ends.Add(new TopicPartitionOffset(topic, partition, position.Next));
                }
            }
        }

        await admin.DeleteRecordsAsync(ends);
    }
}
