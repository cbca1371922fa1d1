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
internal sealed record PolicyDetail(PolicyRow Policy, uint Schema, uint Layers, IReadOnlyDictionary<string, double> Weights)
{
    public static PolicyDetail Of(GetPolicyResponse policy) => new(
        PolicyRow.Of(policy.Summary),
        policy.Schema,
        policy.Layers,
        policy.Weights.OrderByDescending(weight => Math.Abs(weight.Value)).ToDictionary(weight => weight.Key, weight => weight.Value));

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
    }
}
