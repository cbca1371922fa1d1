using System.Globalization;
using Spectre.Console;

namespace Strata.Cli.Backups;

/// <summary>What was copied.</summary>
internal sealed record BackupReport(IReadOnlyList<BackupFile> Files, double Seconds)
{
    public static void Print(IAnsiConsole console, BackupReport report)
    {
        var table = new Table().AddColumns("of", "entries", "bytes");
        foreach (var file in report.Files.Where(file => file.Entries > 0))
        {
            table.AddRow(file.Name, Text(file.Entries), Text(file.Bytes));
        }

        table.AddRow("all", Text(report.Files.Sum(file => file.Entries)), Text(report.Files.Sum(file => file.Bytes)));
        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:0.0} s"));
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
