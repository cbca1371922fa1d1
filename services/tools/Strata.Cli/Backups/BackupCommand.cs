using System.CommandLine;
using System.Diagnostics;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.Evaluator.Reports;
using Strata.ServiceDefaults.Telemetry;
using Strata.Streaming.Archiving;

namespace Strata.Cli.Backups;

/// <summary><c>strata backup</c>: copies log and store into a folder while everything runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder that is made for it; an empty one is taken." };
        var stack = new StackOptions();
        var command = new StrataCommand(
            "backup",
            "Copy everything that lasts, of broker and store, into a folder, while everything runs.",
            "strata backup strata-2026-11-29 --kafka localhost:9092 --redis localhost:6379")
        {
            folder,
        };
        stack.AddBroker(command);
        stack.AddStore(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var to = parsed.GetValue(folder)!;
            if (to.Exists && to.EnumerateFileSystemInfos().Any())
            {
                throw new InvalidDataException($"{to.FullName} is not empty");
            }

            to.Create();
            await using var store = await ConnectionMultiplexer.ConnectAsync(stack.Store(parsed));
            using var logs = new LogArchive(stack.Client(parsed));
            try
            {
                var report = await session.WithProgressAsync(
                    progress => RunAsync(to, new StoreCopy(store), logs, progress, cancellationToken), cancellationToken);
                await session.ReportAsync(report, BackupReport.Print, cancellationToken);
                return ExitCode.Done;
            }
            catch
            {
                // Half a backup is none, and would be in the way of the next try.
                foreach (var file in to.EnumerateFiles())
                {
                    file.Delete();
                }

                throw;
            }
        });
        return command;
    }

    /// <summary>The store first: what it holds came of records that are read after it.</summary>
    private static async Task<BackupReport> RunAsync(
        DirectoryInfo to, StoreCopy store, LogArchive logs, IEvaluationProgress progress, CancellationToken cancellationToken)
    {
        var (started, taken) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        var tell = progress.Begin(StoreCopy.FileName, 0, "values");
        List<BackupFile> files =
        [
            await EntryFile.WriteAsync(
                to, StoreCopy.FileName, writer => store.SaveAsync(writer, tell, cancellationToken), cancellationToken),
        ];
        var (archived, positions) = (new List<ArchivedLog>(), new List<ArchivedPosition>());
        foreach (var step in ArchiveStep.All)
        {
            var cut = await logs.CutAsync(step, cancellationToken);
            archived.AddRange(cut.Logs);
            positions.AddRange(cut.Positions);
            foreach (var topic in cut.Logs.GroupBy(log => log.Topic, StringComparer.Ordinal))
            {
                files.Add(await EntryFile.WriteAsync(
                    to, topic.Key, writer => Task.Run(() => Copy(topic, writer), cancellationToken), cancellationToken));
            }
        }

        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Version = BuildVersion.Current.Version,
            Commit = BuildVersion.Current.Commit,
            Taken = taken,
            Logs = [.. archived.Select(BackupLog.Of)],
            Positions = positions,
            Files = files,
        };
        await manifest.WriteAsync(to, cancellationToken);
        return new BackupReport(files, Stopwatch.GetElapsedTime(started).TotalSeconds);

        long Copy(IGrouping<string, ArchivedLog> topic, BinaryWriter writer)
        {
            var count = 0;
            var told = progress.Begin(topic.Key, (int)Math.Min(topic.Sum(log => log.End - log.Begin), int.MaxValue), "records");
            foreach (var record in logs.Read([.. topic], cancellationToken))
            {
                RecordEntry.Write(writer, record);
                told(++count);
            }

            return count;
        }
    }
}
