using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Spectre.Console;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Testing.Systems;

namespace Strata.Benchmarks.Clustering;

/// <summary>
/// Interest points a second that one worker process assigns, adds up, weighs and writes to Redis, from a log that lies ready on a real
/// broker; the reducer runs in the same process. Beside it what bounds it on the same machine: reading the same log and writing the same
/// number of values to the same Redis.
/// </summary>
internal static class PointsBenchmark
{
    private const string Group = "clustering-points";

    public static Command Create()
    {
        var layers = new Option<int>("--layers") { Description = "Number of layers, K.", DefaultValueFactory = _ => 256 };
        var dimensions = new Option<int>("--dimensions") { Description = "Components of a vector.", DefaultValueFactory = _ => 384 };
        var points = new Option<int>("--points") { Description = "Points in the log.", DefaultValueFactory = _ => 1_000_000 };
        var users = new Option<int>("--users") { Description = "Users.", DefaultValueFactory = _ => 20_000 };
        var redis = new Option<string?>("--redis")
        {
            Description = "A Redis that runs already. Default: one of this command's, which writes to disk before every answer.",
        };
        var command = new Command("points", "Interest points a second through one worker.") { layers, dimensions, points, users, redis };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(
                parsed.GetValue(layers),
                parsed.GetValue(dimensions),
                parsed.GetValue(points),
                parsed.GetValue(users),
                parsed.GetValue(redis),
                cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(
        int layers,
        int dimensions,
        int points,
        int users,
        string? redis,
        CancellationToken cancellationToken)
    {
        await using var stage = await ClusteringStage.StartAsync(redis, cancellationToken);
        var world = new PointWorld(layers, dimensions, 1);
        var settings = new Dictionary<string, string> { ["Clustering:Layers:Layers"] = layers.ToString(CultureInfo.InvariantCulture) };
        var worker = await stage.StartWorkerAsync("worker", settings, cancellationToken);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await stage.PublishAsync(
            Topics.ItemFeatures,
            Enumerable.Range(0, Math.Max(4096, 20 * layers)).Select(world.Item).Select(item => ((string?)item.ItemId, (IMessage)item, now)),
            cancellationToken);
        await stage.UntilAsync("a layer set", async () => await stage.MarkerAsync(cancellationToken) is not null, cancellationToken);
        await worker.StopAsync();

        var random = new Random(2);
        await stage.PublishAsync(
            Topics.InterestPoints,
            Enumerable.Range(0, points)
                .Select(i => world.Point($"user-{random.Next(users)}", now + i))
                .Select(point => ((string?)point.UserId, (IMessage)point, point.EventTimeUnixMs)),
            cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var read = (await stage.RecordsAsync(Topics.InterestPoints, cancellationToken)).Count;
        var reading = read / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var setting = await SetAsync(stage.Redis.GetDatabase(), points);

        worker = await stage.StartWorkerAsync("worker", settings, cancellationToken);
        var (handling, processor) = await MeasureAsync(stage, worker, points, cancellationToken);
        var marker = await stage.MarkerAsync(cancellationToken);
        await worker.StopAsync();

        var table = new Table().AddColumns(
            $"K = {layers}, {dimensions} dimensions, {points:N0} points, {users:N0} users", "a second", "share");
        table.AddRow("one worker: assign, add up, weigh, write", $"{handling:N0} points", $"{processor:N1} µs of a core each");
        table.AddRow("reading the log alone", $"{reading:N0} points", $"{handling / reading:P0}");
        table.AddRow("Redis: SET of 200 bytes, pipelined", $"{setting:N0} values", $"{handling / setting:P0}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"Layer set: version {marker!.Version}, {marker.Points:N0} points absorbed when the last weight was written.");
    }

    /// <summary>
    /// Points a second over the second half, once everything is compiled, by the positions behind the weights, and the worker's processor
    /// time for each in microseconds.
    /// </summary>
    private static async Task<(double Rate, double Processor)> MeasureAsync(
        ClusteringStage stage,
        ServiceProcess worker,
        int points,
        CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, await stage.PartitionsAsync(Topics.InterestPoints, cancellationToken))
            .Select(partition => (RedisKey)Keys.Position(Group, Topics.InterestPoints, partition))
            .ToArray();
        (long At, long Points, TimeSpan Processor)? first = null;
        while (true)
        {
            var done = (await stage.Redis.GetDatabase().StringGetAsync(keys))
                .Sum(value => FenceBytes.TryRead(((byte[]?)value).AsSpan(), out var fence) ? fence.Next : 0);
            first ??= done > points / 2 ? (Stopwatch.GetTimestamp(), done, worker.ProcessorTime) : null;
            if (done >= points && first is { } start)
            {
                var count = done - start.Points;
                return (
                    count / Stopwatch.GetElapsedTime(start.At).TotalSeconds,
                    (worker.ProcessorTime - start.Processor).TotalMicroseconds / count);
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    private static async Task<double> SetAsync(IDatabase redis, int count)
    {
        var value = new byte[200];
        var started = Stopwatch.GetTimestamp();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            await Task.WhenAll(chunk.Select(i => redis.StringSetAsync($"limit:{i}", value)));
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
