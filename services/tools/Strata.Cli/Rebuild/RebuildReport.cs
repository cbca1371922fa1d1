using System.Globalization;
using Spectre.Console;

namespace Strata.Cli.Rebuild;

/// <summary>What was rebuilt of one kind.</summary>
internal sealed record RebuildPart
{
    /// <summary>What.</summary>
    public required string State { get; init; }

    public required int Partitions { get; init; }

    /// <summary>Values that were dropped or put back.</summary>
    public required int Values { get; init; }

    /// <summary>Those that were put back as the snapshot had them.</summary>
    public required int FromSnapshot { get; init; }

    /// <summary>Offsets that neither the log nor the snapshot holds: what stood there is not in the values.</summary>
    public required long Gone { get; init; }

    /// <summary>Offsets that were read again.</summary>
    public required long Read { get; init; }

    /// <summary>How long it took; 0: it was not begun.</summary>
    public double Seconds { get; init; }
}

/// <summary>A rebuild's result.</summary>
internal sealed record RebuildReport(IReadOnlyList<RebuildPart> Parts)
{
    public static void Print(IAnsiConsole console, RebuildReport report)
    {
        var table = new Table().AddColumns("state", "partitions", "values", "from snapshot", "records read", "records gone", "seconds");
        foreach (var part in report.Parts)
        {
            table.AddRow(
                part.State,
                Text(part.Partitions),
                Text(part.Values),
                Text(part.FromSnapshot),
                Text(part.Read),
                Text(part.Gone),
                part.Seconds > 0 ? part.Seconds.ToString("0.0", CultureInfo.InvariantCulture) : "–");
        }

        console.Write(table);
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
