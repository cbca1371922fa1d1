using Strata.EndToEnd.Harness;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.EndToEnd;

/// <summary>
/// Every service is killed once in mid-replay (SIGKILL) and started again, on a real broker and a real Redis: nothing is lost, nothing
/// counts twice.
/// </summary>
[Trait("height", "system")]
public sealed class KilledServices
{
    private const int Events = 1_500;

    /// <summary>
    /// The whole catalogue is there when the set is seeded, also on a slow machine: no seeding follows, and points are counted from one.
    /// </summary>
    private static readonly Dictionary<string, string> SeededOnce = new(StringComparer.Ordinal)
    {
        ["Clustering:Reducer:SettleTime"] = "00:00:15",
    };

    /// <summary>
    /// Layers learned in between would make weights depend on when a worker heard of which version, in any run. With epochs that never
    /// fill, all points meet the seeded set.
    /// </summary>
    private static readonly Dictionary<string, string> SeededLayersOnly = new(SeededOnce, StringComparer.Ordinal)
    {
        ["Clustering:Points:EpochPoints"] = "100000",
        ["Clustering:Points:EpochEventTime"] = "365.00:00:00",
        ["Clustering:Points:Linger"] = "01:00:00",
        ["Streaming:Consumer:session.timeout.ms"] = "30000",
    };

    [Fact]
    public async Task Replay_WithEveryServiceKilledOnce_LeavesTheStateOfAnUndisturbedReplay()
    {
        var undisturbed = await ReplayOnSeededLayersAsync([]);
        var killed = await ReplayOnSeededLayersAsync(Deployment.Names);

        Assert.Equal(undisturbed.SeededItems, killed.SeededItems);
        Assert.Equal(undisturbed.Layers, killed.Layers);
        Assert.NotEmpty(undisturbed.Profiles);
        Assert.Equal(undisturbed.Profiles.Count, killed.Profiles.Count);
        Assert.All(undisturbed.Profiles, pair => Assert.Equal(pair.Value, killed.Profiles[pair.Key]));
        Assert.Equal(undisturbed.Weights.Count, killed.Weights.Count);
        Assert.All(undisturbed.Weights, pair => Assert.Equal(pair.Value, killed.Weights[pair.Key]));
        Assert.Equal(undisturbed.Activity.Count, killed.Activity.Count);
        Assert.All(undisturbed.Activity, pair => Assert.Equal(pair.Value, killed.Activity[pair.Key], 1e-6));
    }

    [Fact]
    public async Task Replay_WithEveryServiceKilledOnce_CountsEveryPointIntoTheLayersOnce()
    {
        var killed = await ReplayAsync(SeededOnce, Deployment.Names);

        Assert.True(killed.LayerSetVersion > 1, "the layers have learned");
        Assert.Equal(killed.PointsByEvent.Count, killed.PointsByEvent.Distinct().Count());
        Assert.Equal(killed.CountedPoints, killed.LayerPoints);
    }

    /// <summary>
    /// A machine that stands still for longer than a session lets a group be balanced anew; its owners send what they have, and the layers
    /// learn from it. Such a replay compares nothing, and is made once more.
    /// </summary>
    private static async Task<StateDump> ReplayOnSeededLayersAsync(IReadOnlyList<string> kills)
    {
        var replay = await ReplayAsync(SeededLayersOnly, kills);
        if (replay.LayerSetVersion > 1)
        {
            TestContext.Current.SendDiagnosticMessage($"The layers learned from {replay.LayerPoints} points; once more.");
            replay = await ReplayAsync(SeededLayersOnly, kills);
        }

        Assert.Equal(1ul, replay.LayerSetVersion);
        return replay;
    }

    private static async Task<StateDump> ReplayAsync(IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> kills)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (found, reason) = await BrokerChoice.RealAsync(1, cancellation);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        var (chosen, why) = await StoreFixture.ChooseAsync(cancellation);
        await using var store = chosen;
        Assert.SkipWhen(store is GarnetStore, $"no real Redis: {why}");
        await using var deployment = await Deployment.StartAsync(broker, store, settings, cancellation);
        var replay = new SampleEvents(deployment, Events);
        await replay.PutItemsAsync(cancellation);
        await using var reader = new StateReader(broker, store);
        await reader.UntilSeededAsync(cancellation);
        for (var part = 0; part <= kills.Count; part++)
        {
            await replay.PublishAsync(
                part, kills.Count + 1, part < kills.Count ? () => deployment.CrashAsync(kills[part], cancellation) : null, cancellation);
        }

        await reader.UntilStillAsync(replay.Published, cancellation);
        var codes = await deployment.StopAsync();
        Assert.All(codes, code => Assert.True(code.Value == 0, $"{code.Key} ended with {code.Value}: {deployment[code.Key].Output}"));
        return await reader.ReadAsync(cancellation);
    }
}
