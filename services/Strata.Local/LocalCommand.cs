using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Spectre.Console;
using Strata.Local.Hosting;
using Strata.Local.Series;
using Strata.ServiceDefaults;

namespace Strata.Local;

/// <summary>The command line of the one-process system.</summary>
internal static class LocalCommand
{
    public static RootCommand Create()
    {
        var once = new Option<bool>("--once") { Description = "Replay the sample as fast as it goes, print a summary, exit 0." };
        var summary = new Option<FileInfo?>("--summary") { Description = "Write the summary as JSON to this file (with --once)." };
        var rate = new Option<double?>("--rate")
        {
            Description = "Events a second. Default 25; with --once 0, as fast as they are acknowledged.",
        };
        var port = new Option<int>("--port")
        {
            Description = "Port of HTTP; gRPC listens on the next one. 0: any free ports.",
            DefaultValueFactory = _ => new LocalSettings().Port,
        };
        var kafka = new Option<string?>("--kafka")
        {
            Description = "Bootstrap servers of a real Kafka, such as localhost:9092 or [::1]:9092,[::1]:9094. Default: the embedded "
                + "broker.",
        };
        var redis = new Option<string?>("--redis")
        {
            Description = "Address of a real Redis, such as localhost:6379 or [::1]:6379. Default: the embedded store.",
        };
        var seed = new Option<int>("--seed") { Description = "Seed of the simulated shoppers.", DefaultValueFactory = _ => 1 };
        var idle = new Option<bool>("--no-shoppers") { Description = "Start the services only: no sample, no shoppers." };
        var series = new SeriesSwitches();
        var root = new RootCommand(
            "Runs all of Strata in one process: embedded broker and store unless told otherwise, the sample shop and its simulated "
                + "shoppers.")
        {
            once, summary, rate, port, kafka, redis, seed, idle,
        };
        series.AddTo(root, once);
        root.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new LocalSettings
            {
                Port = parsed.GetValue(port),
                Kafka = parsed.GetValue(kafka),
                Redis = parsed.GetValue(redis),
            };
            var run = new LocalRun(settings, parsed.GetValue(seed), parsed.GetValue(rate));
            try
            {
                if (parsed.GetValue(idle))
                {
                    return await run.ServeAsync(cancellationToken);
                }

                return parsed.GetValue(once)
                    ? await run.OnceAsync(series.Read(parsed), parsed.GetValue(summary)?.FullName, cancellationToken)
                    : await run.LiveAsync(cancellationToken);
            }
            catch (BadSettingsException fault)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.Message);
                return HostServices.BadSettings;
            }
            catch (RpcException fault) when (fault.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"The sample's shop and shoppers are refused: {fault.Status.Detail} They call with the key in STRATA_API_KEY, which "
                        + "needs the scopes events, catalogue, read and users. --no-shoppers starts the services without them.");
                return 1;
            }
            catch (IOException fault) when (fault.InnerException is AddressInUseException)
            {
                AnsiConsole.MarkupLineInterpolated(
                    CultureInfo.InvariantCulture,
                    $"[red]{fault.Message}[/] Choose another port with --port, or 0 for any free ones.");
                return 1;
            }
        });
        return root;
    }
}
