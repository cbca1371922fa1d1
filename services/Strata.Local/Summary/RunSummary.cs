using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Strata.Local.Summary;

/// <summary>What one whole replay of the sample came to.</summary>
internal sealed record RunSummary
{
    /// <summary>Seed of the simulation and of the yardsticks.</summary>
    public required int Seed { get; init; }

    /// <summary>Events acknowledged by the broker.</summary>
    public required long Events { get; init; }

    public required int Users { get; init; }

    public required int Items { get; init; }

    /// <summary>Layers at the end.</summary>
    public required int Layers { get; init; }

    /// <summary>Normalised mutual information of items' layers with the simulation's topics.</summary>
    public required double Nmi { get; init; }

    /// <summary>The same for batch K-means with as many clusters on the same vectors.</summary>
    public required double NmiBatch { get; init; }

    /// <summary>First touches tried: slate first, event after.</summary>
    public required long Trials { get; init; }

    /// <summary>Share of trials whose item was in the slate of ten.</summary>
    [JsonPropertyName("hit_rate_10")]
    public required double HitRate10 { get; init; }

    /// <summary>The same for the ten most popular items new to the shopper.</summary>
    [JsonPropertyName("hit_rate_10_popularity")]
    public required double HitRate10Popularity { get; init; }

    /// <summary>Seconds from the start of the process to the first slate.</summary>
    [JsonPropertyName("first_slate_s")]
    public required double FirstSlateS { get; init; }

    /// <summary>Events a second over the replay, trials and slates included.</summary>
    [JsonPropertyName("events_per_s")]
    public required double EventsPerS { get; init; }

    /// <summary>Slates shown to shoppers.</summary>
    public required long Slates { get; init; }

    /// <summary>Layers and slates on the way, by events.</summary>
    public required IReadOnlyList<SeriesRow> Series { get; init; }

    public void Print(IAnsiConsole console)
    {
        var table = new Table().HideHeaders().AddColumns("", "", "");
        table.AddRow("events", $"{Events:N0}", $"{EventsPerS:N0} a second, slates and trials between them");
        table.AddRow("users", $"{Users:N0}", "");
        table.AddRow("items", $"{Items:N0}", "");
        table.AddRow("slates shown", $"{Slates:N0}", "to shoppers, who reacted to them");
        table.AddRow("layers", $"{Layers:N0}", "");
        table.AddRow("layers ~ true topics", $"{Nmi:F3}", $"NMI; batch K-means on the same vectors {NmiBatch:F3}");
        table.AddRow(
            "hit rate at 10",
            $"{HitRate10:F3}",
            $"popularity {HitRate10Popularity:F3}: {HitRate10 / HitRate10Popularity:F1} times; {Trials:N0} first touches, slate first, "
                + $"event after");
        table.AddRow("first slate", $"{FirstSlateS:F1} s", "after the start of the process");
        table.AddRow("seed", $"{Seed}", "");
        console.Write(table);
        PrintSeries(console);
    }

    public Task WriteAsync(string file, CancellationToken cancellationToken)
        => File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(this, RunSummaryJson.Default.RunSummary) + Environment.NewLine,
            cancellationToken);

    private void PrintSeries(IAnsiConsole console)
    {
        var table = new Table { Caption = new TableTitle("of the topic: share of slates of ten for users who are new") };
        table.AddColumns(
            "events",
            "layers ~ topics",
            "fresh seeding",
            "searches ~ topics",
            "weight on empty layers",
            "of the topic: a search",
            "five clicks");
        foreach (var row in Series)
        {
            table.AddRow(
                $"{row.Events:N0}",
                $"{row.Nmi:F3}",
                $"{row.NmiBatch:F3}",
                $"{row.NmiSearches:F3}",
                $"{row.EmptyLayerShare:P1}",
                $"{row.SearchSlateShare:F2}",
                $"{row.ClickSlateShare:F2}");
        }

        console.Write(table);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class RunSummaryJson : JsonSerializerContext;
