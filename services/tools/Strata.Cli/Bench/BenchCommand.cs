using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Strata.Bench;
using Strata.Bench.Load;
using Strata.Bench.Measuring;
using Strata.Bench.Stack;
using Strata.Cli.Frame;
using Strata.Streaming.Connecting;

namespace Strata.Cli.Bench;

/// <summary><c>strata bench</c>: puts load on a system and says what it took.</summary>
internal static class BenchCommand
{
    private static readonly BenchOptions Usual = new() { Mode = BenchModes.Publish };

    public static StrataCommand Create()
    {
        var mode = new Argument<BenchModes>("MODE")
        {
            Description = "publish: events, until profiles and weights hold them; recommend: slates; both: slates while events come in; "
                + "idle: nothing.",
        };
        var items = Number("--items", "Items of the catalogue.", Usual.Items);
        items.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() == 0)
            {
                result.AddError("--items: 1 at least; --keep puts none.");
            }
        });
        var keep = new Option<bool>("--keep") { Description = "Catalogue and histories are there from a run before: put neither." };
        var titles = Number("--titles", "Different titles: each is encoded once.", Usual.Titles);
        var users = Number("--users", "Users.", Usual.Users);
        var history = Number("--history", "Events of each user before anything is measured.", Usual.History);
        var callers = Number("--callers", "Callers that ask for slates, each when it was answered; without --slates.", Usual.Callers);
        var streams = Number("--streams", "Streams that send events.", Usual.Streams);
        var batch = Number("--batch", "Events of a call of PublishBatch; 0: by the stream.", Usual.Batch);
        var seconds = Number(
            "--seconds",
            "How long each measurement takes; from 720 on also how memory, handles and threads grow.",
            (int)Usual.Time.TotalSeconds);
        var warmUp = Number(
            "--warm-up",
            "Seconds of a long measurement that its growth leaves out; outcomes are kept for half an hour.",
            (int)Usual.WarmUp.TotalSeconds);
        var seed = Number("--seed", "Draws what users do.", Usual.Seed);
        var rate = Share("--rate", "Events a second, whether answered or not; 0: as fast as they are answered.", Usual.Rate);
        var slates = Share("--slates", "Slates a second, whether answered or not; 0: as fast as --callers get them.", Usual.Slates);
        var searches = Share("--searches", "Share of searches among events, 0 to 1.", Usual.Searches);
        var ingestion = AddressOption.Create("--ingestion", "gRPC address of Ingestion.", "http://localhost:5081");
        var ranking = AddressOption.Create("--ranking", "gRPC address of Ranking.", "http://localhost:5081");
        var brokers = new Option<string?>("--brokers") { Description = "Bootstrap servers; without them nothing is said about lag." };
        var client = new Option<FileInfo>("--kafka-settings")
        {
            Description = "File of librdkafka's settings, name=value, for --brokers: TLS, SASL.",
        };
        client.AcceptExistingOnly();
        var kafka = new Option<FileInfo?>("--start")
        {
            Description = "Start a broker by this script (see strata chaos), a Redis and the five services, measure these, and end them.",
        };
        kafka.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>() is { Exists: false } script)
            {
                result.AddError($"--start: script '{script}' does not exist. Name one that starts brokers.");
            }
        });
        var redis = new Option<string>("--redis") { Description = "Executable of Redis.", DefaultValueFactory = _ => "redis-server" };
        var pids = new Option<string[]>("--pid") { Description = "NAME=ID of a process to watch; else those found on this machine." };
        var settings = new Option<string[]>("--set") { Description = "KEY=VALUE, a setting of the services that --start starts." };
        var plot = new Option<FileInfo?>("--plot") { Description = "Draw CPU by process and lag as a PNG into this file." };
        var command = new StrataCommand(
            "bench",
            "Put load on a system, open or closed, and say rates, times, CPU and bytes by process.",
            "strata bench publish --start ./kafka --items 10000 --users 10000 --json publish.json",
            "strata bench recommend --ingestion http://localhost:5081 --ranking http://localhost:5081 --slates 200 --plot slates.png")
        {
            mode, items, keep, titles, users, history, callers, streams, batch, seconds, warmUp, seed, rate, slates, searches, ingestion,
            ranking, brokers, client, kafka, redis, pids, settings, plot,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var options = new BenchOptions
            {
                Mode = parsed.GetValue(mode),
                Items = parsed.GetValue(items),
                Keeps = parsed.GetValue(keep),
                Titles = parsed.GetValue(titles),
                Users = parsed.GetValue(users),
                History = parsed.GetValue(history),
                Callers = parsed.GetValue(callers),
                Streams = parsed.GetValue(streams),
                Batch = parsed.GetValue(batch),
                Time = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                Seed = parsed.GetValue(seed),
                Rate = parsed.GetValue(rate),
                Slates = parsed.GetValue(slates),
                Searches = parsed.GetValue(searches),
            };
            BenchReport report;
            if (parsed.GetValue(kafka) is { } script)
            {
                report = await OnOwnStackAsync(
                    script, parsed.GetValue(redis)!, Pairs(parsed.GetValue(settings)), options, session, cancellationToken);
            }
            else
            {
                var processes = parsed.GetValue(pids) is { Length: > 0 } given
                    ? Pairs(given).ToDictionary(pair => pair.Key, pair => int.Parse(pair.Value, CultureInfo.InvariantCulture))
                    : ProcessMeter.Find();
                var target = new BenchTarget(
                    parsed.GetValue(ingestion)!,
                    parsed.GetValue(ranking)!,
                    parsed.GetValue(brokers) is { } servers ? ClientSettings.Of(servers, parsed.GetValue(client)?.FullName) : null,
                    null,
                    processes);
                report = await new Strata.Bench.Bench(target, options, session.Tell).RunAsync(cancellationToken);
            }

            await session.ReportAsync(report, BenchTable.Print, cancellationToken);
            if (parsed.GetValue(plot) is { } picture)
            {
                BenchPlot.Write(picture, report);
            }

            return report.Phases.Any(phase => phase.Failed > 0) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static async Task<BenchReport> OnOwnStackAsync(
        FileInfo script,
        string redis,
        IReadOnlyDictionary<string, string> settings,
        BenchOptions options,
        Session session,
        CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("strata-bench-");
        BenchReport report;
        try
        {
            await using var stack = await OwnStack.StartAsync(script.FullName, redis, work.FullName, settings, cancellationToken);
            report = await new Strata.Bench.Bench(stack.Target, options, session.Tell).RunAsync(cancellationToken);
        }
        catch
        {
            session.Tell($"Files and logs: {work.FullName}");
            throw;
        }

        work.Delete(recursive: true);
        return report;
    }

    private static Option<int> Number(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result => Positive(result, result.GetValueOrDefault<int>()));
        return option;
    }

    private static Option<double> Share(string name, string description, double standard)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result => Positive(result, result.GetValueOrDefault<double>()));
        return option;
    }

    private static void Positive(OptionResult result, double value)
    {
        if (value < 0)
        {
            result.AddError($"{result.Option.Name}: {value} is below 0.");
        }
    }

    private static Dictionary<string, string> Pairs(IEnumerable<string>? texts)
        => (texts ?? []).Select(text => text.Split('=', 2)).ToDictionary(
            pair => pair[0],
            pair => pair is [_, var value] ? value : throw new InvalidDataException($"'{pair[0]}' is no NAME=VALUE"),
            StringComparer.Ordinal);
}
