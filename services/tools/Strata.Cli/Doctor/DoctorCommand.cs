using System.CommandLine;
using Spectre.Console;
using Strata.Cli.Doctor.Core;
using Strata.Cli.Frame;

namespace Strata.Cli.Doctor;

/// <summary><c>strata doctor</c>: looks at a whole system and says what is wrong, each with its remedy.</summary>
internal static class DoctorCommand
{
    public static StrataCommand Create()
    {
        var stack = new StackOptions();
        var services = AddressOption.CreateMany(
            "--service", "HTTP address of a service; may be given again: each instance counts.", "http://localhost:8080");
        var ports = new Option<int[]>("--port")
        {
            Description = "A port that a service is to take on this machine; may be given again.",
            DefaultValueFactory = _ => [],
        };
        var model = new Option<DirectoryInfo?>("--model")
        {
            Description = "Folder of the model of texts, as Featurizer:Embeddings has it.",
        };
        var watch = new Option<int>("--watch")
        {
            Description = "Seconds for which consumers are watched whether they move.",
            DefaultValueFactory = _ => 5,
        };
        var command = new StrataCommand(
            "doctor",
            "Look at broker, topics, consumers, store, services, clocks, model and ports: what is wrong, and what mends it.",
            "strata doctor --kafka localhost:9092 --redis localhost:6379 --service http://localhost:8080 --service http://localhost:8090",
            "strata doctor --port 8080 --port 8081 --model models/e5-small-v2-q --json doctor.json")
        {
            services, ports, model, watch,
        };
        stack.AddBroker(command);
        stack.AddStore(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            session.Tell("Looking …");
            var broker = BrokerExam.LookAsync(
                stack.Client(parsed), TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(watch), 1, 600)), cancellationToken);
            var store = StoreExam.LookAsync(stack.Store(parsed));
            var asked = Task.WhenAll(parsed.GetValue(services)!.Select(address => ServiceExam.LookAsync(address, cancellationToken)));
            var folder = parsed.GetValue(model)?.FullName;
            var facts = new SystemFacts
            {
                Broker = await broker,
                Store = await store,
                Services = await asked,
                Model = folder is null ? null : await MachineExam.ModelAsync(folder, cancellationToken),
                Ports = [.. parsed.GetValue(ports)!.Select(MachineExam.Port)],
                Now = TimeProvider.System.GetUtcNow(),
            };
            var findings = Diagnosis.Of(facts);
            await session.ReportAsync(findings, Print, cancellationToken);
            return findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Findings as a table, the worst last, where a reader's eyes are.</summary>
    public static void Print(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "about", "what is the case", "what to do");
        foreach (var finding in findings.OrderBy(finding => finding.Severity))
        {
            table.AddRow(
                finding.Severity switch
                {
                    Severity.Good => "[green]good[/]",
                    Severity.Warning => "[yellow]warning[/]",
                    _ => "[red]wrong[/]",
                },
                finding.About,
                Markup.Escape(finding.Text),
                Markup.Escape(finding.Remedy));
        }

        console.Write(table);
    }
}
