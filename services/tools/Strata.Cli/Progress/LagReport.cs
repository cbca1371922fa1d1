using System.Globalization;
using Spectre.Console;
using Strata.Cli.Doctor.Core;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Progress;

/// <summary>How far a group is behind in a partition, or in all of them together.</summary>
/// <param name="Group">The group.</param>
/// <param name="Members">Processes in it.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition; null: all of the topic.</param>
/// <param name="Records">Records that wait.</param>
/// <param name="Seconds">For how long the oldest of them has waited.</param>
/// <param name="HeldBackSeconds">So long the group holds records back on purpose.</param>
internal sealed record LagRow(string Group, int Members, string Topic, int? Partition, long Records, double Seconds, double HeldBackSeconds)
{
    /// <summary>Seconds that are more than it holds back.</summary>
    public double Late => Math.Max(0, Seconds - HeldBackSeconds);
}

/// <summary>Makes and shows rows of lag.</summary>
internal static class LagReport
{
    /// <param name="positions">Where groups are.</param>
    /// <param name="now">The clock that records' times are held against.</param>
    /// <param name="partitions">Whether each partition has a row of its own.</param>
    public static IReadOnlyList<LagRow> Of(IEnumerable<GroupPosition> positions, DateTimeOffset now, bool partitions)
        =>
        [
            .. positions
                .GroupBy(position => (position.Group, position.Topic, Partition: partitions ? position.Partition : (int?)null))
                .Select(rows => new LagRow(
                    rows.Key.Group,
                    rows.First().Members,
                    rows.Key.Topic,
                    rows.Key.Partition,
                    rows.Sum(row => row.Lag),
                    rows.Max(row => row.Oldest is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0),
                    ConsumerDiagnosis.HeldBack(rows.Key.Group, rows.Key.Topic).TotalSeconds))
                .OrderByDescending(row => row.Late).ThenBy(row => row.Group, StringComparer.Ordinal)
                .ThenBy(row => row.Topic, StringComparer.Ordinal).ThenBy(row => row.Partition),
        ];

    public static void Print(IAnsiConsole console, IReadOnlyList<LagRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("group", "processes", "topic", "partition", "records", "seconds", "of these on purpose");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Members == 0 ? $"[red]{Markup.Escape(row.Group)}[/]" : Markup.Escape(row.Group),
                $"{row.Members}",
                Markup.Escape(row.Topic),
                row.Partition?.ToString(CultureInfo.InvariantCulture) ?? "all",
                row.Records.ToString("N0", CultureInfo.InvariantCulture),
                row.Seconds.ToString("N1", CultureInfo.InvariantCulture),
                row.HeldBackSeconds > 0 ? Math.Min(row.Seconds, row.HeldBackSeconds).ToString("N1", CultureInfo.InvariantCulture) : "");
        }

        console.Write(table);
    }
}
