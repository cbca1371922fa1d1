using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.EndToEnd.Harness;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.EndToEnd;

/// <summary>
/// A real Kafka and Redis with one thing after the other made wrong: <c>strata doctor</c> names each with its remedy, and nothing of a
/// system that is well; topics are made and repaired by the command line alone.
/// </summary>
[Trait("height", "real")]
public sealed class DoctoredSystem
{
    private const string Faketime = "/usr/bin/faketime";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Doctor_OfKafkaAndRedisWithFaultsMade_NamesEachAndWhatMendsIt()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var store = await RedisServerStore.StartAsync(Cancel);
        string[] kafka = ["--kafka", broker.BootstrapServers];
        string[] doctor = ["doctor", .. kafka, "--redis", store.ConnectionString, "--watch", "1"];

        // Topics: none, then all, then three of them spoilt.
        var missing = await WrongAsync([.. doctor]);
        Assert.Contains(missing, text => text.StartsWith("strata.events.v1 is missing", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, (await StrataTool.RunAsync(["topics", "create", .. kafka])).Code);
        Assert.Equal([], await WrongAsync([.. doctor]));
        await SpoilTopicsAsync(broker);
        var spoilt = await WrongAsync(["topics", "check", .. kafka]);
        Assert.Contains(spoilt, text => text.Contains("strata.items.v1 has cleanup.policy=delete", StringComparison.Ordinal));
        Assert.Contains(spoilt, text => text.Contains("strata.users.v1 has 4 partitions where 12", StringComparison.Ordinal));
        Assert.Contains(spoilt, text => text.Contains("strata.events.v1 keeps records for 00:01:00", StringComparison.Ordinal));
        var repaired = await WrongAsync(["topics", "repair", .. kafka]);
        Assert.Contains("strata.users.v1 has 4 partitions", Assert.Single(repaired), StringComparison.Ordinal);

        // The store: each fault made and taken back.
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{store.ConnectionString},allowAdmin=true");
        var server = redis.GetServers()[0];
        await StoreFaultAsync("read-only", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]);
        await StoreFaultAsync("allkeys-lru", Config("maxmemory-policy", "allkeys-lru"), Config("maxmemory-policy", "noeviction"));
        await StoreFaultAsync("nothing is kept on disk", Config("appendonly", "no"), Config("appendonly", "yes"));
        await StoreFaultAsync("it is full", Config("maxmemory", "1"), Config("maxmemory", "0"));
        await StoreFaultAsync("refuses the user or password", Config("requirepass", "hush"), null);
        Assert.DoesNotContain(
            await WrongAsync([.. doctor[..3], "--redis", $"{store.ConnectionString},password=hush", "--watch", "1"]),
            text => text.Contains("password", StringComparison.Ordinal));

        // This machine: a port that somebody has, a model that is none; and nobody where a broker should be.
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var model = Directory.CreateTempSubdirectory("strata-model-");
        await File.WriteAllTextAsync(Path.Combine(model.FullName, "model.onnx"), "no model", Cancel);
        await File.WriteAllTextAsync(Path.Combine(model.FullName, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n", Cancel);
        var machine = await WrongAsync(
            ["doctor", "--kafka", "127.0.0.1:1", "--redis", "127.0.0.1:1", "--port", $"{port}", "--model", model.FullName]);
        model.Delete(recursive: true);
        Assert.Contains(machine, text => text.StartsWith("The broker at 127.0.0.1:1 does not answer", StringComparison.Ordinal));
        Assert.Contains(machine, text => text.StartsWith("the store at 127.0.0.1:1 does not answer", StringComparison.Ordinal));
        Assert.Contains($"port {port} cannot be taken: somebody listens there", machine);
        Assert.Contains(machine, text => text.Contains("cannot be used", StringComparison.Ordinal));

        async Task StoreFaultAsync(string named, object[] make, object[]? mend)
        {
            await server.ExecuteAsync((string)make[0], make[1..]);
            var faults = await WrongAsync([.. doctor]);
            if (mend is not null)
            {
                await server.ExecuteAsync((string)mend[0], mend[1..]);
            }

            Assert.Contains(
                named,
                Assert.Single(faults, text => !text.StartsWith("strata.users.v1", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        }

        static object[] Config(string name, string value) => ["CONFIG", "SET", name, value];
    }

    [Fact]
    public async Task Doctor_OfFiveRunningServices_FindsThemWellAndThenTheOneThatIsKilled()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var store = await RedisServerStore.StartAsync(Cancel);
        await using var deployment = await Deployment.StartAsync(broker, store, new Dictionary<string, string>(), Cancel);
        string[] doctor =
        [
            "doctor", "--kafka", broker.BootstrapServers, "--redis", store.ConnectionString, "--watch", "1",
            .. Deployment.Names.SelectMany(name => new[] { "--service", deployment[name].Http.ToString() }),
        ];

        var well = await WrongAsync(doctor);
        var (_, settings, _) = await StrataTool.RunAsync(["config", "show", "Redis", "--service", deployment["Ranking"].Http.ToString()]);
        var (_, lag, _) = await StrataTool.RunAsync(["lag", "--kafka", broker.BootstrapServers]);
        await deployment["Optimizer"].KillAsync();
        var killed = await WrongAsync(doctor);

        Assert.Equal([], well);
        var connection = JsonDocument.Parse(settings).RootElement.EnumerateArray()
            .Single(setting => setting.GetProperty("key").GetString() == "Redis:ConnectionString");
        Assert.Equal(
            (store.ConnectionString, "environment"),
            (connection.GetProperty("value").GetString(), connection.GetProperty("from").GetString()));
        Assert.Contains("featurizer-events", lag, StringComparison.Ordinal);
        Assert.StartsWith(
            $"no service answers at {deployment["Optimizer"].Http}", Assert.Single(killed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfThreeBrokersWithATopicOnOneOfThem_NamesIt()
    {
        var (found, reason) = await BrokerChoice.RealAsync(3, Cancel);
        Assert.SkipWhen(found is null, $"no three real brokers: {reason}");
        await using var broker = found!;
        string[] kafka = ["--kafka", broker.BootstrapServers];
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = Topics.Users,
                NumPartitions = 12,
                ReplicationFactor = 1,
                Configs = new() { ["cleanup.policy"] = "compact" },
            },
        ]);
        await StrataTool.RunAsync(["topics", "create", .. kafka]);

        var wrong = await WrongAsync(["topics", "check", .. kafka]);

        Assert.Contains("strata.users.v1 has replication 1 among 3 brokers", Assert.Single(wrong), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfAServiceWhoseClockIsTwoHoursOff_NamesIt()
    {
        Assert.SkipUnless(File.Exists(Faketime), "no faketime, which gives a process another clock");
        var (http, grpc) = (FreePort(), FreePort());
        var start = new ProcessStartInfo(
            Faketime, ["-f", "-2h", "dotnet", Path.Combine(AppContext.BaseDirectory, "Strata.Ingestion.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"; // another time of day, not another speed
        start.Environment["Endpoints__Http"] = $"{http}";
        start.Environment["Endpoints__Grpc"] = $"{grpc}";
        start.Environment["Streaming__BootstrapServers"] = "127.0.0.1:1";
        using var service = Process.Start(start)!;
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        string[] doctor = ["doctor", "--kafka", "127.0.0.1:1", "--redis", "127.0.0.1:1", "--service", $"http://127.0.0.1:{http}"];
        var wrong = await WrongAsync(doctor);
        for (var look = 0; look < 20 && wrong.Any(text => text.StartsWith("no service answers", StringComparison.Ordinal)); look++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Cancel); // it has only just been started
            wrong = await WrongAsync(doctor);
        }

        service.Kill(entireProcessTree: true);

        Assert.Contains(wrong, text => Regex.IsMatch(text, $"^the clock of http://127.0.0.1:{http}/ is 0.0[12]:.* behind this machine's$"));
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Two set their own way, one made anew with fewer partitions.</summary>
    private static async Task SpoilTopicsAsync(IBroker broker)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [Of(Topics.Items)] = [Set("cleanup.policy", "delete")],
            [Of(Topics.Events)] = [Set("retention.ms", "60000")],
        });
        await admin.DeleteTopicsAsync([Topics.Users]);
        while (admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Exists(topic => topic.Topic == Topics.Users))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }

        await admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = Topics.Users,
                NumPartitions = 4,
                Configs = new() { ["cleanup.policy"] = "compact" },
            },
        ]);
        while (admin.GetMetadata(Topics.Users, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count < 4)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }

        static ConfigResource Of(string topic) => new() { Type = ResourceType.Topic, Name = topic };

        static ConfigEntry Set(string name, string value)
            => new() { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set };
    }

    /// <summary>What a command finds wrong.</summary>
    private static async Task<IReadOnlyList<string>> WrongAsync(string[] command)
    {
        var (code, output, said) = await StrataTool.RunAsync(command);
        Assert.True(output.Length > 0, said);
        var wrong = JsonDocument.Parse(output).RootElement.EnumerateArray()
            .Where(finding => finding.GetProperty("severity").GetString() == "Error").ToList();
        Assert.Equal(wrong.Count > 0 ? ExitCode.Failed : ExitCode.Done, code);
        Assert.All(wrong, finding => Assert.NotEmpty(finding.GetProperty("remedy").GetString()!));
        return [.. wrong.Select(finding => finding.GetProperty("text").GetString()!)];
    }
}
