using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.EndToEnd.Harness;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.EndToEnd;

/// <summary>
/// A system that lost broker and store is what it was, from a backup that was taken while events came: what came after the backup is sent
/// again, and each event counts once.
/// </summary>
[Trait("height", "system")]
public sealed class RestoredSystem : IDisposable
{
    private const int Events = 240;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Clustering:Reducer:SettleTime"] = "00:00:15",
        ["Clustering:Points:Linger"] = "00:00:01",
        ["Optimizer:Learning:PublishExamples"] = "1",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-backup-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Restore_AfterTheLossOfAll_IsAsItWas()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        var (running, still) = (Path.Combine(_folder.FullName, "running"), Path.Combine(_folder.FullName, "still"));
        StateDump before;
        await using (var broker = found!)
        {
            await using var store = await RedisServerStore.StartAsync(Cancel);
            await using var deployment = await Deployment.StartAsync(broker, store, Settings, Cancel);
            var replay = new SampleEvents(deployment, Events);
            await replay.PutItemsAsync(Cancel);
            await using var reader = new StateReader(broker, store);
            await reader.UntilSeededAsync(Cancel);
            await replay.PublishAsync(0, 2, null, Cancel);
            await replay.PublishAsync(1, 2, () => BackUpAsync(running, broker, store), Cancel);
            await reader.UntilStillAsync(replay.Published, Cancel);
            before = await reader.ReadAsync(Cancel);
            await BackUpAsync(still, broker, store);
        }

        // All is lost; another broker, another store.
        var (other, _) = await BrokerChoice.RealAsync(1, Cancel);
        await using var newBroker = other!;
        await using var newStore = await RedisServerStore.StartAsync(Cancel);
        await BreakAsync(still, newBroker, newStore);
        string[] target = ["--kafka", newBroker.BootstrapServers, "--redis", newStore.ConnectionString];

        var restored = await StrataTool.RunAsync(["restore", running, .. target]);
        Assert.True(restored.Code == ExitCode.Done, restored.Said);
        await using (var deployment = await Deployment.StartAsync(newBroker, newStore, Settings, Cancel))
        {
            var refused = await StrataTool.RunAsync(["restore", still, .. target, "--force"]);
            Assert.Equal(ExitCode.Failed, refused.Code);
            Assert.Contains("Services run", refused.Said, StringComparison.Ordinal);

            var replay = new SampleEvents(deployment, Events);

            // From before the backup began; a profile knows the ids of its last 32 events.
            await replay.PublishAsync(1, 2, null, Cancel);
            await using var reader = new StateReader(newBroker, newStore);
            await reader.UntilSeededAsync(Cancel);
            await reader.UntilStillAsync(replay.Published, Cancel);
            var after = await reader.ReadAsync(Cancel);

            Assert.Equal(before.Profiles.OrderBy(pair => pair.Key), after.Profiles.OrderBy(pair => pair.Key));
            Assert.Equal(before.Weights.Keys.Order(), after.Weights.Keys.Order());
            Assert.Equal(before.LayerPoints, after.LayerPoints);
            Assert.Equal(before.CountedPoints, after.CountedPoints);
            Assert.Equal(after.PointsByEvent.Count, after.PointsByEvent.Distinct().Count());
            Assert.All(before.Activity, item => Assert.Equal(item.Value, after.Activity[item.Key], 1e-3));
            var codes = await deployment.StopAsync();
            Assert.All(codes, code => Assert.True(code.Value == 0, $"{code.Key} ended with {code.Value}: {deployment[code.Key].Output}"));
        }

        var occupied = await StrataTool.RunAsync(["restore", still, .. target]);
        Assert.Equal(ExitCode.Failed, occupied.Code);
        Assert.Contains("Topics have records", occupied.Said, StringComparison.Ordinal);
        var forced = await StrataTool.RunAsync(["restore", still, .. target, "--force"]);
        Assert.True(forced.Code == ExitCode.Done, forced.Said);
        await using (var deployment = await Deployment.StartAsync(newBroker, newStore, Settings, Cancel))
        {
            await using var reader = new StateReader(newBroker, newStore);
            await reader.UntilSeededAsync(Cancel);
            await reader.UntilStillAsync(new Dictionary<string, int>(), Cancel);
            var after = await reader.ReadAsync(Cancel);

            Assert.Equal(before.Profiles.OrderBy(pair => pair.Key), after.Profiles.OrderBy(pair => pair.Key));
            Assert.Equal(before.Weights.OrderBy(pair => pair.Key), after.Weights.OrderBy(pair => pair.Key));
            Assert.Equal(before.Layers, after.Layers);
            Assert.Equal(before.LayerPoints, after.LayerPoints);
            Assert.Equal(before.Activity.OrderBy(pair => pair.Key), after.Activity.OrderBy(pair => pair.Key));
            Assert.NotNull(before.Policy);
            Assert.Equal(before.Policy, after.Policy);
        }
    }

    /// <summary>A file of it is broken: nothing is touched, and the file is named.</summary>
    private static async Task BreakAsync(string folder, IBroker broker, RedisServerStore store)
    {
        var file = Path.Combine(folder, Topics.Items + ".gz");
        var bytes = await File.ReadAllBytesAsync(file, Cancel);
        bytes[^9] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancel);

        var broken = await StrataTool.RunAsync(
            ["restore", folder, "--kafka", broker.BootstrapServers, "--redis", store.ConnectionString]);

        Assert.Equal(ExitCode.BadInput, broken.Code);
        Assert.Contains(Topics.Items, broken.Said, StringComparison.Ordinal);
        bytes[^9] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancel);
    }

    private static async Task BackUpAsync(string folder, IBroker broker, RedisServerStore store)
    {
        var (code, _, said) = await StrataTool.RunAsync(
            ["backup", folder, "--kafka", broker.BootstrapServers, "--redis", store.ConnectionString]);
        Assert.True(code == ExitCode.Done, said);
    }
}
