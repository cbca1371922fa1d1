using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Contracts.Layers.V1;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;

namespace Strata.Cli.Layers;

/// <summary><c>strata segments</c>: users in layers of their own.</summary>
internal static class SegmentsCommand
{
    public static Command CreateGroup() => new Command("segments", "Look at the segments of users.") { List() };

    private static StrataCommand List()
    {
        var ranking = new RankingAddress();
        var command = new StrataCommand(
            "list",
            "Say which segments there are: words and layers of each, its users, how its share changed within a day.",
            "strata segments list --ranking http://localhost:5081",
            "strata segments list --json")
        {
            ranking.Option,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var listed = await ranking.CallAsync(parsed, async calls => await new LayersClient(calls).ListSegmentsAsync(
                new ListSegmentsRequest(), cancellationToken: cancellationToken));
            await session.ReportAsync(SegmentList.Of(listed), SegmentList.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>The segments.</summary>
/// <param name="Version">Their version; 0: there are none yet.</param>
/// <param name="Users">Users who acted of late.</param>
/// <param name="Segments">The segments, largest first.</param>
internal sealed record SegmentList(ulong Version, ulong Users, IReadOnlyList<SegmentRow> Segments)
{
    public static SegmentList Of(ListSegmentsResponse listed)
        => new(listed.Version, listed.Users, [.. listed.Segments.Select(SegmentRow.Of)]);

    public static void Print(IAnsiConsole console, SegmentList list)
    {
        if (list.Segments.Count == 0)
        {
            console.WriteLine("There are no segments yet: they come once enough users have acted (Clustering:Segments:LeastUsers).");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("segment", "words", "layers", "users", "share", "trend");
        foreach (var row in list.Segments)
        {
            table.AddRow(
                row.SegmentId.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(", ", row.Words)),
                string.Join(' ', row.LayerIds),
                row.Users.ToString("N0", CultureInfo.InvariantCulture),
                row.Share.ToString("P1", CultureInfo.InvariantCulture),
                row.Trend.ToString("+0.0;-0.0;0", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}

/// <summary>A segment in a list.</summary>
/// <param name="SegmentId">Its id.</param>
/// <param name="Words">Words of the layers that it likes, best first.</param>
/// <param name="LayerIds">Those layers, nearest first.</param>
/// <param name="Users">Its users.</param>
/// <param name="Share">Its share of all rows, 0 to 1.</param>
/// <param name="Trend">log2 of how its share changed within a day.</param>
internal sealed record SegmentRow(
    uint SegmentId, IReadOnlyList<string> Words, IReadOnlyList<uint> LayerIds, ulong Users, double Share, double Trend)
{
    public static SegmentRow Of(SegmentSummary segment) => new(
        segment.SegmentId,
        [.. segment.Words],
        [.. segment.Layers.Select(layer => layer.LayerId)],
        segment.Users,
        segment.Share,
        segment.Trend);
}
