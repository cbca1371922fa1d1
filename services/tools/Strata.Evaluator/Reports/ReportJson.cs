using System.Text.Json;

namespace Strata.Evaluator.Reports;

/// <summary>How reports are written: names in snake case, so <c>Ndcg20Low</c> is <c>ndcg20_low</c>.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static async Task WriteAsync<T>(FileInfo file, T report, CancellationToken cancellationToken)
    {
        file.Directory?.Create();
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, report, Options, cancellationToken);
    }

    public static string ToText<T>(T report) => JsonSerializer.Serialize(report, Options);
}
