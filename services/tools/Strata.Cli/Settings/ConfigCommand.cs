using System.CommandLine;
using System.Net;
using Spectre.Console;
using Strata.Cli.Doctor;
using Strata.Cli.Frame;
using Strata.ServiceDefaults.Settings;

namespace Strata.Cli.Settings;

/// <summary><c>strata config show</c>: what is in force in a running service, and from where.</summary>
internal static class ConfigCommand
{
    public static Command CreateGroup() => new Command("config", "Look at the settings of running services.") { Show() };

    private static StrataCommand Show()
    {
        var section = new Argument<string?>("SECTION")
        {
            Description = "Only keys that begin so, such as Streaming:Consuming.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var service = AddressOption.Create("--service", "HTTP address of the service.", "http://localhost:8080");
        var changed = new Option<bool>("--changed") { Description = "Only what is not the default." };
        var command = new StrataCommand(
            "show",
            "Say every setting in force, secrets masked, and from where it comes: a file, the environment, the command line, the code, the "
                + "default. Where keys are needed, one of scope operate in STRATA_API_KEY.",
            "strata config show --service http://localhost:8090 --changed",
            "strata config show Streaming:Consuming --service http://localhost:8080")
        {
            section, service, changed,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var address = parsed.GetValue(service)!;
            IReadOnlyList<SettingInForce> settings;
            try
            {
                settings = await ServiceExam.SettingsAsync(address, cancellationToken);
            }
            catch (HttpRequestException fault) when (fault.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                throw new InvalidDataException($"{address} wants a key of scope operate: set STRATA_API_KEY", fault);
            }
            catch (HttpRequestException fault)
            {
                throw new TimeoutException($"No service answers at {address}: {fault.Message}", fault);
            }

            var shown = settings
                .Where(setting => parsed.GetValue(section) is not { } prefix
                    || setting.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                .Where(setting => !parsed.GetValue(changed) || setting.From != "default")
                .ToList();
            await session.ReportAsync<IReadOnlyList<SettingInForce>>(shown, Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<SettingInForce> settings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("setting", "value", "from");
        foreach (var setting in settings)
        {
            table.AddRow(Markup.Escape(setting.Key), Markup.Escape(setting.Value), Markup.Escape(setting.From));
        }

        console.Write(table);
    }
}
