using System.Globalization;
using Spectre.Console;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Letters;

/// <summary>Prints letters, one a line.</summary>
internal static class LetterTable
{
    public static void Print(IAnsiConsole console, IReadOnlyList<LetterView> letters)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("letter", "set aside (UTC)", "group", "reason", "done");
        foreach (var letter in letters)
        {
            table.AddRow(
                Markup.Escape(letter.Id),
                letter.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Markup.Escape(letter.Group),
                Markup.Escape(letter.Reason),
                letter.Settled ?? "");
        }

        console.Write(table);
    }
}
