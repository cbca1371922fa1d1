using System.CommandLine;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Pseudonyms;

/// <summary><c>strata pseudonyms</c>: what is held under which key, and bringing it under the newest.</summary>
internal static class RekeyCommand
{
    public static Command CreateGroup()
        => new Command("pseudonyms", "Bring what is held of users under the newest key of pseudonyms, after a rotation.") { Create() };

    private static StrataCommand Create()
    {
        var keys = new Option<FileInfo>("--keys")
        {
            Description = "The file of keys that Ingestion and Ranking have (Pseudonyms:KeysFile), the newest on top.",
            Required = true,
        };
        keys.AcceptExistingOnly();
        var plain = new Option<bool>("--from-plain")
        {
            Description = "Names that no key has made are ids, of before the first key (Pseudonyms:FromPlain): bring these along, too.",
        };
        var dry = new Option<bool>("--dry-run") { Description = "Say what lies under which key, and change nothing." };
        var atOnce = new Option<int>("--at-once")
        {
            Description = "Users that are under way at one time, 1 to 10000.",
            DefaultValueFactory = _ => 200,
        };
        atOnce.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
            {
                result.AddError("--at-once: from 1 to 10000.");
            }
        });
        var stack = new StackOptions();
        var command = new StrataCommand(
            "rekey",
            "Have what is held under older keys go on under the newest, while everything runs. Ended in between it goes on where it was.",
            "strata pseudonyms rekey --keys pseudonyms.keys --dry-run",
            "strata pseudonyms rekey --keys pseudonyms.keys --kafka localhost:9092 --redis localhost:6379")
        {
            keys, plain, dry, atOnce,
        };
        stack.AddBroker(command);
        stack.AddStore(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var file = PseudonymKey.ReadFile(parsed.GetValue(keys)!.FullName);
            await using var store = await ConnectionMultiplexer.ConnectAsync(stack.Store(parsed));
            var names = new HeldNames(store, file, parsed.GetValue(plain));
            if (parsed.GetValue(dry))
            {
                await session.ReportAsync(await names.CountAsync(cancellationToken), RekeyReport.Print, cancellationToken);
                return ExitCode.Done;
            }

            using var sender = new RecordSender(stack.Client(parsed));
            var rekeying = new Rekeying(store, names, sender, TimeProvider.System, session.Tell);
            var report = await session.WithProgressAsync(
                progress => rekeying.RunAsync(parsed.GetValue(atOnce), progress, cancellationToken), cancellationToken);
            await session.ReportAsync(report, RekeyReport.Print, cancellationToken);
            return report.IsDone ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
