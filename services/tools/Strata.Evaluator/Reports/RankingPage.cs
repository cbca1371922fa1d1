using System.Globalization;
using System.Net;
using System.Text;

namespace Strata.Evaluator.Reports;

/// <summary>A page of its own with the table of methods and plots as inline SVG: it needs no network and no script.</summary>
internal static class RankingPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2530;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}p{max-width:48rem}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #dde3ea}td{white-space:nowrap}
        th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:#fff}.wide{overflow-x:auto}.ours{font-weight:600}
        svg text{font:13px system-ui,sans-serif;fill:#1c2530}small{color:#5b6773}
        """;

    /// <summary>Writes <c>ranking-&lt;variant&gt;.html</c> into a folder.</summary>
    public static async Task<FileInfo> WriteAsync(DirectoryInfo folder, RankingReport report, CancellationToken cancellationToken)
    {
        folder.Create();
        var file = new FileInfo(Path.Combine(folder.FullName, $"ranking-{report.Variant}.html"));
        await File.WriteAllTextAsync(file.FullName, ToHtml(report), cancellationToken);
        return file;
    }

    public static string ToHtml(RankingReport report)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + $"content=\"width=device-width,initial-scale=1\"><title>Strata: {Text(report.Events)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Recommendations on {Text(report.Events)}, by {Text(report.Variant)}</h1>");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p>{report.EventCount:N0} events of {report.UserCount:N0} users on {report.ItemCount:N0} items, replayed in their order. "
                + $"{report.Scored:N0} of {report.Eligible:N0} eligible events were tested before they were learned, against every item "
                + $"alive. Bars: mean; whiskers: 95 %, bootstrap over users. Baselines are tuned on the tests themselves.</p>");
        page.Append("<h2>NDCG@20</h2>").Append(
            BarPlot.Draw(
                [.. report.Methods.Select(method => new BarPlot.Bar(method.Name, method.Ndcg20, method.Ndcg20Low, method.Ndcg20High))]));
        page.Append("<h2>HR@20</h2>").Append(
            BarPlot.Draw([.. report.Methods.Select(method => new BarPlot.Bar(method.Name, method.Hr20, method.Hr20Low, method.Hr20High))]));
        if (report.Sources.Count > 0)
        {
            page.Append(
                "<h2>Each source alone, HR@20</h2><p>In brackets: times what the user's single centroid finds with the same budget.</p>")
                .Append(
                    BarPlot.Draw(
                        [.. report.Sources.Select(source => new BarPlot.Bar(NameOf(source), source.Hr20, source.Hr20, source.Hr20))]));
        }

        page.Append(
            "<h2>All figures</h2><p>Behind strata: difference of NDCG@20 to it, 95 % of the paired differences over users; an interval "
                + "that holds 0 says nothing. Warm and cold: NDCG@20 of users and items with and without a past.</p>");
        page.Append(
            "<div class=\"wide\"><table><tr><th>method<th>HR@10<th>HR@20<th>NDCG@10<th>NDCG@20<th>95 %<th>behind strata<th>MRR<th>"
                + "recall@10<th>recall@20<th>coverage<th>Gini<th>novelty<th>diversity<th>KL layers<th>warm user<th>cold user<th>warm "
                + "item<th>cold item<th>µs a request</tr>");
        foreach (var m in report.Methods)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr{(m.Name == "strata" ? " class=\"ours\"" : "")}><td>{Text(m.Name)}<td>{m.Hr10:F3}<td>{m.Hr20:F3}<td>{m.Ndcg10:F3}<td>"
                    + $"{m.Ndcg20:F3}<td>{m.Ndcg20Low:F3}–{m.Ndcg20High:F3}<td>{Behind(m)}<td>{m.Mrr:F3}<td>{m.Recall10:F3}<td>"
                    + $"{m.Recall20:F3}");
            page.Append(
                CultureInfo.InvariantCulture,
                $"<td>{m.Coverage:F3}<td>{m.Gini:F3}<td>{m.Novelty:F1}<td>{m.Diversity:F3}<td>{m.Calibration:F3}<td>"
                    + $"{m.Slices.WarmUser:F3}<td>{m.Slices.ColdUser:F3}<td>{m.Slices.WarmItem:F3}<td>{m.Slices.ColdItem:F3}<td>"
                    + $"{m.MicrosecondsPerRequest:N0}</tr>");
        }

        page.Append("</table></div><h2>What tuning chose</h2><p>");
        foreach (var m in report.Methods.Where(method => method.Setting.Length > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"{Text(m.Name)}: {Text(m.Setting)}<br>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</p><p><small>seed {report.Seed}");
        if (report is { MicrosecondsPerEvent: { } perEvent, BytesPerUser: { } perUser, BytesPerItem: { } perItem })
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $" · {perEvent:N0} µs an event taken in · {perUser:N0} bytes a user · {perItem:N0} bytes an item");
        }

        return page.Append("</small></p></html>").ToString();
    }

    private static string NameOf(SourceReport source)
        => source.ToCentroid is { } times ? string.Create(CultureInfo.InvariantCulture, $"{source.Name} (×{times:F2})") : source.Name;

    private static string Behind(MethodReport method)
        => method is { Ndcg20BehindLow: { } low, Ndcg20BehindHigh: { } high }
            ? string.Create(CultureInfo.InvariantCulture, $"{low:F4} to {high:F4}")
            : "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
