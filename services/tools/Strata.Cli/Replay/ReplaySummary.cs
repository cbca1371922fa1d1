using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Strata.Cli.Replay;

/// <summary>What a replay did.</summary>
internal sealed record ReplaySummary
{
    /// <summary>Items put.</summary>
    public required int Items { get; init; }

    /// <summary>Events sent.</summary>
    public required long Events { get; init; }

    /// <summary>Events that the broker has.</summary>
    public required long Accepted { get; init; }

    /// <summary>Events that Ingestion refused.</summary>
    public required long Rejected { get; init; }

    /// <summary>Refusals by their message, at most ten.</summary>
    public required IReadOnlyDictionary<string, long> Rejections { get; init; }

    /// <summary>Distinct users.</summary>
    public required int Users { get; init; }

    /// <summary>Seconds it took to put the items.</summary>
    public required double ItemsSeconds { get; init; }

    /// <summary>Seconds from the first event sent to the last one acknowledged.</summary>
    public required double EventsSeconds { get; init; }

    /// <summary>Events acknowledged a second.</summary>
    public double EventsPerSecond => EventsSeconds > 0 ? Accepted / EventsSeconds : 0;

    public void Print(IAnsiConsole console)
    {
        var table = new Table().HideHeaders().AddColumns("", "");
        table.AddRow("items put", $"{Items:N0} in {ItemsSeconds:F1} s");
        table.AddRow("events accepted", $"{Accepted:N0} of {Events:N0}");
        table.AddRow("users", $"{Users:N0}");
        table.AddRow("time", $"{EventsSeconds:F1} s");
        table.AddRow("events/s", $"{EventsPerSecond:N0}");
        foreach (var (message, count) in Rejections)
        {
            table.AddRow("[red]rejected[/]", Markup.Escape($"{count:N0} × {message}"));
        }

        console.Write(table);
    }

    public Task WriteAsync(FileInfo file, CancellationToken cancellationToken)
        => File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(this, ReplaySummaryJson.Default.ReplaySummary) + Environment.NewLine, cancellationToken);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReplaySummary))]
internal sealed partial class ReplaySummaryJson : JsonSerializerContext;
