using System.Globalization;
using Spectre.Console;
using Strata.Contracts.Policy.V1;

namespace Strata.Cli.Policies;

/// <summary>A policy as a table has it.</summary>
internal sealed record PolicyRow(
    ulong Version,
    bool InForce,
    DateTimeOffset? Published,
    ulong Steps,
    ulong? RestoredVersion,
    double? Ips,
    double? Snips,
    double? DoublyRobust,
    double? HalfWidth,
    uint Slates,
    double EffectiveSlates)
{
    public static PolicyRow Of(PolicySummary policy) => new(
        policy.Version,
        policy.InForce,
        policy.PublishedUnixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(policy.PublishedUnixMs) : null,
        policy.Steps,
        policy.RestoredVersion > 0 ? policy.RestoredVersion : null,
        policy.Estimate?.Ips,
        policy.Estimate?.Snips,
        policy.Estimate?.DoublyRobust,
        policy.Estimate?.HalfWidth,
        policy.Estimate?.Slates ?? 0,
        policy.Estimate?.EffectiveSlates ?? 0);

    public static void Print(IAnsiConsole console, IReadOnlyList<PolicyRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("version", "", "published", "steps", "clicks a slate: doubly robust", "SNIPS", "IPS", "slates", "effective");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Version.ToString(CultureInfo.InvariantCulture),
                (row.InForce ? "in force" : "") + (row.RestoredVersion is { } of ? $" {of} again" : ""),
                row.Published?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "",
                row.Steps.ToString(CultureInfo.InvariantCulture),
                row.DoublyRobust is null ? "" : $"{Number(row.DoublyRobust, 3)} ± {Number(row.HalfWidth, 3)}",
                Number(row.Snips, 3),
                Number(row.Ips, 3),
                row.Slates.ToString(CultureInfo.InvariantCulture),
                Number(row.EffectiveSlates, 0));
        }

        console.Write(table);
    }

    private static string Number(double? value, int digits) => value?.ToString($"F{digits}", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One policy with its weights.</summary>
internal sealed record PolicyDetail(
    PolicyRow Policy,
    uint Schema,
    uint Layers,
    IReadOnlyDictionary<string, double> Weights,
    IReadOnlyList<LayerClicksRow> Clicks)
{
    public static PolicyDetail Of(GetPolicyResponse policy) => new(
        PolicyRow.Of(policy.Summary),
        policy.Schema,
        policy.Layers,
        policy.Weights.OrderByDescending(weight => Math.Abs(weight.Value)).ToDictionary(weight => weight.Key, weight => weight.Value),
        [
            .. policy.LayerClicks.OrderByDescending(layer => layer.Shown).Prepend(policy.AllClicks ?? new()).Select(layer =>
                new LayerClicksRow(layer.LayerId, layer.Clicks, layer.Shown, layer.Rate, layer.Low, layer.High)),
        ]);

    public static void Print(IAnsiConsole console, PolicyDetail detail)
    {
        PolicyRow.Print(console, [detail.Policy]);
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns($"feature of schema {detail.Schema}", "weight");
        foreach (var (name, weight) in detail.Weights)
        {
            table.AddRow(name, weight.ToString("F4", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        var layers = new Table().Border(TableBorder.Simple);
        layers.AddColumns("layer", "click rate", "95 % interval", "clicks", "shown");
        foreach (var layer in detail.Clicks)
        {
            layers.AddRow(
                layer.LayerId == 0 ? "all" : layer.LayerId.ToString(CultureInfo.InvariantCulture),
                Share(layer.Rate),
                $"{Share(layer.Low)} to {Share(layer.High)}",
                layer.Clicks.ToString("F1", CultureInfo.InvariantCulture),
                layer.Shown.ToString("F1", CultureInfo.InvariantCulture));
        }

        console.Write(layers);
    }

    private static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}

/// <summary>How often was chosen what was shown from a layer, with the 95 % interval of the rate; layer 0: over all.</summary>
internal sealed record LayerClicksRow(uint LayerId, double Clicks, double Shown, double Rate, double Low, double High);
