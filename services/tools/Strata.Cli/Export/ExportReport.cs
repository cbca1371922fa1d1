using System.Globalization;
using Spectre.Console;

namespace Strata.Cli.Export;

/// <summary>What was exported.</summary>
/// <param name="Matrix">File of the matrix.</param>
/// <param name="LayersFile">File of the layers.</param>
/// <param name="LayerSetVersion">Version of the layer set.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="Users">Users with a row.</param>
/// <param name="Cells">Cells written: user, layer.</param>
/// <param name="Unreadable">Users of whom a value cannot be used.</param>
internal sealed record ExportReport(
    string Matrix, string LayersFile, ulong LayerSetVersion, int Layers, long Users, long Cells, long Unreadable)
{
    public static void Print(IAnsiConsole console, ExportReport report)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Users:N0} users × {report.Layers:N0} layers of version {report.LayerSetVersion}: {report.Cells:N0} cells"));
        console.WriteLine($"{report.Matrix} and {report.LayersFile}");
        if (report.Unreadable > 0)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Unreadable:N0} users are left out: a value of theirs cannot be used (strata doctor)"));
        }
    }
}
