using Strata.EndToEnd.Harness;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.EndToEnd;

/// <summary>
/// Redis is away for a while, then comes back without anything: it is waited for, what it held is read from the log again, and no service
/// ends or is restarted by hand.
/// </summary>
[Trait("height", "system")]
public sealed class EmptiedStore
{
    private const int Events = 300;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> SeededLayersOnly = new(StringComparer.Ordinal)
    {
        ["Clustering:Reducer:SettleTime"] = "00:00:15",
        ["Clustering:Points:EpochPoints"] = "100000",
        ["Clustering:Points:EpochEventTime"] = "365.00:00:00",
        ["Clustering:Points:Linger"] = "01:00:00",

        // Whoever counted an absent store as a failure would end within the outage.
        ["Streaming:Consuming:FailureBudget"] = "2",
        ["Redis:TotalTimeout"] = "00:00:03",
    };

    [Fact]
    public async Task Redis_AwayAndThenBackEmpty_HoldsTheSameAgainByItself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (found, reason) = await BrokerChoice.RealAsync(1, cancellation);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var store = await RedisServerStore.StartAsync(cancellation);
        await using var deployment = await Deployment.StartAsync(broker, store, SeededLayersOnly, cancellation);
        var replay = new SampleEvents(deployment, Events);
        await replay.PutItemsAsync(cancellation);
        await using var reader = new StateReader(broker, store);
        await reader.UntilSeededAsync(cancellation);
        var warnings = new Dictionary<string, int>(StringComparer.Ordinal);
        await replay.PublishAsync(0, 1, LoseForAWhileAsync, cancellation);
        await reader.UntilStillAsync(replay.Published, cancellation);
        var before = await reader.ReadAsync(cancellation);

        await store.KillAndEmptyAsync();
        await store.RestartAsync(cancellation);
        await reader.UntilStillAsync(replay.Published, cancellation);
        var after = await reader.ReadAsync(cancellation);

        Assert.Equal(before.Profiles.OrderBy(pair => pair.Key), after.Profiles.OrderBy(pair => pair.Key));
        Assert.Equal(before.Weights.OrderBy(pair => pair.Key), after.Weights.OrderBy(pair => pair.Key));
        var codes = await deployment.StopAsync();
        Assert.All(warnings, service => Assert.True(
            service.Value < 5 * Outage.TotalSeconds, $"{service.Key} wrote {service.Value} warnings while Redis was away"));
        Assert.All(codes, code => Assert.True(code.Value == 0, $"{code.Key} ended with {code.Value}: {deployment[code.Key].Output}"));

        async Task LoseForAWhileAsync()
        {
            await store.KillAsync();
            var before = Deployment.Names.ToDictionary(name => name, Warnings, StringComparer.Ordinal);
            await Task.Delay(Outage, cancellation);
            foreach (var name in Deployment.Names)
            {
                warnings[name] = Warnings(name) - before[name];
            }

            await store.RestartAsync(cancellation);
        }

        int Warnings(string name) => deployment[name].Warnings;
    }
}
