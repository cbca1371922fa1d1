using System.Globalization;

namespace Strata.Console;

/// <summary>What a row of a chart says of the measurements since the last one.</summary>
internal enum ChartKind
{
    /// <summary>Their sum a second.</summary>
    Rate,

    /// <summary>Their sum.</summary>
    Count,

    /// <summary>How many they are a second.</summary>
    Number,

    /// <summary>The highest.</summary>
    Highest,

    /// <summary>The one that nineteen in twenty do not exceed.</summary>
    SlowestTwentieth,

    /// <summary>The one in the middle.</summary>
    Middle,
}

/// <summary>A chart of the page.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">Of its values.</param>
/// <param name="Kind">What is made of measurements.</param>
/// <param name="Lines">Instruments, each with the tag that tells its lines apart; null: the name given here is its only line.</param>
/// <param name="Has">Which lines it has; null: all.</param>
/// <param name="Page">The page that shows it.</param>
/// <param name="Only">A tag and the value that it must have; null: whatever it has.</param>
internal sealed record ChartSpec(
    string Title,
    string Unit,
    ChartKind Kind,
    IReadOnlyDictionary<string, (string? Tag, string Name)> Lines,
    Func<string, bool>? Has = null,
    string Page = ChartSpec.Now,
    (string Tag, string Value)? Only = null)
{
    /// <summary>What there is now.</summary>
    public const string Now = "now";

    /// <summary>What slates are ranked with.</summary>
    public const string Policy = "policy";

    private const string Propensity = "strata.ranking.propensity";
    private const string Filled = "filled";
    private const string Group = "messaging.consumer.group.name";
    private const string Topic = "messaging.destination.name";

    public static IReadOnlyList<ChartSpec> All { get; } =
    [
        new("Taken in", "a second", ChartKind.Rate, Line("strata.ingestion.accepted", "kind")),
        new("Behind, by consumer", "s", ChartKind.Highest, Line("strata.stream.lag.age", Group), IsConsumer),
        new(
            "Impressions whose outcome is waited for, half an hour at most",
            "s",
            ChartKind.Highest,
            Line("strata.stream.lag.age", Group),
            IsOutcomes),
        new("Slates, by stage: nineteen in twenty within", "s", ChartKind.SlowestTwentieth, Line("strata.ranking.stage.duration", "stage")),
        new(
            "Refused, done without, begun again",
            "in 5 s",
            ChartKind.Count,
            new Dictionary<string, (string?, string)>
            {
                ["strata.ingestion.rejected"] = (null, "calls refused"),
                ["strata.ranking.degraded"] = (null, "slates that did without something"),
                ["strata.stream.restarts"] = (null, "partitions begun again"),
            }),
        new("Dead letters", "in 5 s", ChartKind.Count, Line("strata.stream.dead_letters", Topic)),
        new(
            "Answers: 1, away: 0",
            "",
            ChartKind.Highest,
            new Dictionary<string, (string?, string)>
            {
                ["strata.broker.up"] = (null, "broker"),
                ["strata.store.up"] = (null, "store"),
            }),
        new("Model: a text within, nineteen in twenty", "s", ChartKind.SlowestTwentieth, Line("strata.embeddings.duration", null, "text")),
        new(
            "Clicks a slate that a policy would have had, doubly robust",
            "",
            ChartKind.Highest,
            Line("strata.learning.estimate", "policy"),
            Page: Policy,
            Only: ("estimator", "doubly-robust")),
        new(
            "Slates of equal weight that would tell as much",
            "",
            ChartKind.Highest,
            Line("strata.learning.effective", null, "of the newest slates"),
            Page: Policy),
        new(
            "Versions",
            "in 5 s",
            ChartKind.Count,
            new Dictionary<string, (string?, string)>
            {
                ["strata.learning.policies"] = (null, "published"),
                ["strata.learning.held"] = (null, "held back"),
            },
            Page: Policy),
        new("Positions shown, by how they were filled", "a second", ChartKind.Number, Line(Propensity, Filled), Page: Policy),
        new("Propensities, the middle one", "", ChartKind.Middle, Line(Propensity, Filled), Page: Policy),
    ];

    public static IReadOnlyList<ChartSpec> Of(string instrument) => [.. All.Where(chart => chart.Lines.ContainsKey(instrument))];

    /// <summary>Which line a measurement belongs to; null: none.</summary>
    public string? SeriesOf(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (tag, name) = Lines[instrument];
        if (Only is { } only && TextOf(only.Tag, tags) != only.Value)
        {
            return null;
        }

        return tag is null ? name : TextOf(tag, tags) is { } line && Has?.Invoke(line) != false ? line : null;
    }

    private static string? TextOf(string tag, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (key == tag)
            {
                return Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static bool IsOutcomes(string group) => group == "outcomes";

    // Tables have no group: they are as new as what they have heard.
    private static bool IsConsumer(string group) => !IsOutcomes(group) && !group.StartsWith("table:", StringComparison.Ordinal);

    private static Dictionary<string, (string?, string)> Line(string instrument, string? tag, string name = "")
        => new() { [instrument] = (tag, name) };
}
