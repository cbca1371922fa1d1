using System.CommandLine;
using System.Diagnostics;
using StackExchange.Redis;
using Strata.Cli.Backups.Core;
using Strata.Cli.Frame;
using Strata.Evaluator.Reports;
using Strata.Streaming.Archiving;

namespace Strata.Cli.Backups;

/// <summary><c>strata restore</c>: makes of a backup the topics and values of a system whose services do not run.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder that strata backup filled." };
        var force = new Option<bool>("--force")
        {
            Description = "Remove the topics and values of Strata that are there; without it a target that is not empty is left as it is.",
        };
        var stack = new StackOptions();
        var command = new StrataCommand(
            "restore",
            "Bring back what strata backup copied, to a broker and a store without services. They go on where the backup ends.",
            "strata restore strata-2026-11-29 --kafka localhost:9092 --redis localhost:6379")
        {
            folder, force,
        };
        stack.AddBroker(command);
        stack.AddStore(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var (from, started) = (parsed.GetValue(folder)!, Stopwatch.GetTimestamp());
            var manifest = await CheckedAsync(from, session, cancellationToken);
            await using var redis = await ConnectionMultiplexer.ConnectAsync(stack.Store(parsed));
            var store = new StoreCopy(redis);
            using var logs = new LogRestore(stack.Client(parsed));
            if (await ObstacleAsync(manifest, store, logs, parsed.GetValue(force)) is { } obstacle)
            {
                session.Tell($"Nothing was touched. {obstacle}");
                return ExitCode.Failed;
            }

            session.Tell("From here on the target is whole only when this ends well; else run it again with --force.");
            var report = await session.WithProgressAsync(
                async progress =>
                {
                    await store.EmptyAsync(cancellationToken);
                    await logs.MakeAsync(manifest.Partitions(), cancellationToken);
                    await FillAsync(manifest, from, store, logs, progress, cancellationToken);
                    return new BackupReport(manifest.Files, Stopwatch.GetElapsedTime(started).TotalSeconds);
                },
                cancellationToken);
            await session.ReportAsync(report, BackupReport.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The manifest of a backup that is whole.</summary>
    private static async Task<BackupManifest> CheckedAsync(DirectoryInfo folder, Session session, CancellationToken cancellationToken)
    {
        var manifest = await BackupManifest.ReadAsync(folder, cancellationToken);
        var faults = new List<string>();
        foreach (var file in manifest.Files)
        {
            if (await EntryFile.FaultAsync(folder, file, cancellationToken) is { } fault)
            {
                faults.Add(fault);
            }
        }

        foreach (var fault in faults)
        {
            session.Tell(fault);
        }

        return faults.Count == 0
            ? manifest
            : throw new InvalidDataException($"{faults.Count} of {manifest.Files.Count} files are broken; nothing was touched");
    }

    private static async Task<string?> ObstacleAsync(BackupManifest manifest, StoreCopy store, LogRestore logs, bool force)
    {
        if (LogRestore.Unknown(manifest.Partitions().Keys) is { Count: > 0 } unknown)
        {
            return $"This release has no topics {string.Join(", ", unknown)}: restore with {manifest.Version}, which made the backup.";
        }

        var groups = manifest.Positions.Select(position => position.Group).Distinct(StringComparer.Ordinal).ToList();
        if (groups.Count > 0 && await logs.RunningAsync(groups) is { Count: > 0 } running)
        {
            return $"Services run ({string.Join(", ", running)}): stop them first.";
        }

        if (force)
        {
            return null;
        }

        var used = await logs.UsedAsync([.. manifest.Partitions().Keys]);
        return used.Count > 0 ? $"Topics have records ({string.Join(", ", used)}): --force removes them."
            : !await store.IsEmptyAsync() ? "The store has values of Strata: --force removes them."
            : null;
    }

    /// <summary>
    /// Positions of groups come last. All logs are measured before the first is written, since records name places in others.
    /// </summary>
    private static async Task FillAsync(
        BackupManifest manifest,
        DirectoryInfo from,
        StoreCopy store,
        LogRestore logs,
        IEvaluationProgress progress,
        CancellationToken cancellationToken)
    {
        var topics = manifest.Files.Where(file => file.Name != StoreCopy.FileName).ToList();
        var identities = await logs.LogsAsync(manifest.Partitions());
        var moved = manifest.Logs.ToDictionary(
            log => (log.Topic, log.Partition),
            log => new MovedLog(log.Topic, log.Partition, log.Identity, identities[(log.Topic, log.Partition)], new OffsetMap()));
        foreach (var file in topics)
        {
            var tell = Begin($"measuring {file.Name}", file, "records");
            foreach (var (record, count) in RecordEntry.ReadAll(from, file).Select((record, index) => (record, index + 1)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                moved[(file.Name, record.Partition)].Offsets.Add(record.Offset);
                tell(count);
            }
        }

        var moves = new LogMoves(moved.Values);
        foreach (var file in topics)
        {
            var tell = Begin(file.Name, file, "records");
            var records = RecordEntry.ReadAll(from, file).Select((record, index) =>
            {
                tell(index + 1);
                return RecordMoves.Apply(file.Name, record, moves);
            });
            await Task.Run(() => logs.Write(file.Name, records, cancellationToken), cancellationToken);
        }

        var values = manifest.Files.Single(file => file.Name == StoreCopy.FileName);
        await store.LoadAsync(from, values, moves, Begin(StoreCopy.FileName, values, "values"), cancellationToken);
        await logs.CommitAsync(
            [
                .. manifest.Positions.Select(position => position with
                {
                    Next = moves.Move(position.Topic, position.Partition, position.Next),
                }),
            ]);

        Action<int> Begin(string name, BackupFile file, string unit)
            => progress.Begin(name, (int)Math.Min(file.Entries, int.MaxValue), unit);
    }
}
