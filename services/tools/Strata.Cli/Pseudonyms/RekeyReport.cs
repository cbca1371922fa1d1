using System.Globalization;
using Spectre.Console;

namespace Strata.Cli.Pseudonyms;

/// <summary>What lies under one key.</summary>
internal sealed record KeyRow
{
    /// <summary>Its name.</summary>
    public required string Key { get; init; }

    /// <summary>Users of whom anything lies there.</summary>
    public int Users { get; private set; }

    public int Profiles { get; private set; }

    public int Weights { get; private set; }

    /// <summary>Counts of what was shown and chosen.</summary>
    public int Counts { get; private set; }

    public void Add(int held)
    {
        Users++;
        Profiles += held & 1;
        Weights += (held >> 1) & 1;
        Counts += (held >> 2) & 1;
    }
}

/// <summary>What lies under which key, the newest first; names that no key of the file has made come last.</summary>
/// <param name="Keys">Keys.</param>
/// <param name="HandedOver">Users whose state was ordered to go on under the newest.</param>
internal sealed record RekeyReport(IReadOnlyList<KeyRow> Keys, int HandedOver)
{
    public const string Plain = "(ids)";
    public const string Unknown = "(no key of the file)";

    /// <summary>Users of whom something lies under an older key.</summary>
    public int Older => Keys.Skip(1).Where(row => row.Key != Unknown).Sum(row => row.Users);

    /// <summary>No profile and no weights are left under older keys.</summary>
    public bool IsDone => Keys.Skip(1).Where(row => row.Key != Unknown).All(row => row is { Profiles: 0, Weights: 0 });

    public static void Print(IAnsiConsole console, RekeyReport report)
    {
        var table = new Table().AddColumns("key", "users", "profiles", "weights", "counts");
        foreach (var row in report.Keys)
        {
            table.AddRow(row.Key.EscapeMarkup(), Text(row.Users), Text(row.Profiles), Text(row.Weights), Text(row.Counts));
        }

        console.Write(table);
        console.WriteLine($"handed over: {Text(report.HandedOver)} users");
        if (report.HandedOver > 0 && report.Keys.Skip(1).Any(row => row.Counts > 0))
        {
            console.WriteLine(
                "Counts under older keys follow when the outcomes of the slates before them are known (Optimizer:Outcomes:Window, twice).");
        }
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
