using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Strata.Architecture;

/// <summary>Pages of the handbook that are lists of what the code has.</summary>
internal static partial class HandbookLists
{
    /// <summary>Every option: key, default, what it is, and whose.</summary>
    public static string Options()
    {
        var services = Layout.Services.ToDictionary(service => service, SettingsTests.OptionsOf);
        var rows = services
            .SelectMany(service => service.Value.Select(options => (Service: service.Key, Section: options.Key, Type: options.Value)))
            .GroupBy(options => (options.Section, options.Type))
            .OrderBy(options => options.Key.Section, StringComparer.Ordinal)
            .SelectMany(options => RowsOf(options.Key.Section, options.Key.Type, [.. options.Select(entry => entry.Service)]));
        return Page(
            "Options",
            "Every setting, by its section. `Streaming:Consuming` holds for each consumer and table; `Streaming:Consumers:GROUP`\n"
                + "overrides it for one. How they are given and checked: [operating](operating.md#settings).",
            "| key | default | what it is | of |\n|---|---|---|---|",
            rows);
    }

    /// <summary>Every metric: name as Prometheus has it, unit, labels, what it is.</summary>
    public static string Metrics() => Page(
        "Metrics",
        "Every metric under its name in Prometheus. Histograms have `_bucket`, `_sum` and `_count`. Labels beside these come from the\n"
            + "scrape (`instance`, `job`).",
        "| metric | unit | labels | what it is |\n|---|---|---|---|",
        Instruments().OrderBy(metric => metric.Name, StringComparer.Ordinal).Select(metric =>
            $"| `{metric.Shown}` | {metric.Unit} | {string.Join(", ", metric.Labels.Select(label => $"`{label}`"))} | {metric.What} |"));

    /// <summary>Instruments as the sources make them.</summary>
    public static IReadOnlyList<Metric> Instruments()
        =>
        [
            .. Layout.Sources.Where(path => path.StartsWith("services/", StringComparison.Ordinal))
                .SelectMany(path => InstrumentsOf(Layout.Read(path))),
        ];

    private static string Page(string title, string words, string head, IEnumerable<string> rows)
        => $"# {title}\n\nMade from the code: `{HandbookListsTests.Write}=1` and the test `HandbookListsTests` write it anew.\n\n"
            + $"{words}\n\n{head}\n{string.Join('\n', rows)}\n";

    private static IEnumerable<string> RowsOf(string section, Type type, IReadOnlyList<string> services)
    {
        var standard = Activator.CreateInstance(type)!;
        var source = Layout.Sources.Select(Layout.Read).First(text => Regex.IsMatch(text, $@"\bclass {type.Name}\b"));
        var of = services.Count == Layout.Services.Length ? "all"
            : string.Join(", ", services.Select(service => service["Strata.".Length..].ToLowerInvariant()).Order(StringComparer.Ordinal));
        return type.GetProperties()
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(property =>
                $"| `{section}:{property.Name}` | {Default(property.GetValue(standard))} | {Comment(source, property)} | {of} |");
    }

    private static string Default(object? value) => value switch
    {
        null or "" => "",
        TimeSpan time => $"`{time.ToString("c", CultureInfo.InvariantCulture)}`",
        string text => $"`{text}`",
        IEnumerable many => many.Cast<object>().Any() ? $"{many.Cast<object>().Count()} entries" : "",
        IFormattable one => $"`{one.ToString(null, CultureInfo.InvariantCulture)}`",
        bool yes => yes ? "`true`" : "`false`",
        _ => value.GetType().IsClass ? "" : $"`{value}`",
    };

    private static string Comment(string source, PropertyInfo property)
    {
        var found = Regex.Match(source, $@"((?:[ ]*///[^\n]*\n)+)(?:[ ]*\[[^\n]*\]\n)*[ ]*public [^\n(]*\b{property.Name} {{ get;");
        var comment = string.Join(' ', found.Groups[1].Value.Split('\n').Select(line => line.Trim().TrimStart('/').Trim()));
        var summary = Summaries().Match(comment).Groups[1].Value;
        return Tags().Replace(References().Replace(summary, match => $"`{match.Groups[1].Value.Split('.')[^1]}`"), "").Trim()
            .Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static IEnumerable<Metric> InstrumentsOf(string source)
        => Creations().Matches(source).Select(match =>
        {
            var (kind, name, unit) = (match.Groups["kind"].Value, match.Groups["name"].Value, match.Groups["unit"].Value);
            var shown = OperationsTests.Exported(kind, name, unit).First();
            return new Metric(
                name,
                kind == "Histogram" ? shown[..^"_bucket".Length] : shown,
                unit switch { "s" => "seconds", "By" => "bytes", _ => unit.Trim('{', '}') },
                [.. LabelsOf(source, match).Distinct().Select(label => label.Replace('.', '_'))],
                string.Concat(Texts().Matches(match.Groups["what"].Value).Select(text => text.Groups[1].Value)));
        });

    /// <summary>Tags that stand where the instrument is written to, or where an observable one looks.</summary>
    private static IEnumerable<string> LabelsOf(string source, Match creation)
    {
        var members = Members().Split(source);
        var field = creation.Groups["field"].Value;
        var looks = creation.Groups["looks"].Value;
        var writers = field.Length > 0
            ? members.SelectMany(member => Regex.Matches(member, $@"\b_?{field[1..]}\.(?:Add|Record)\([^;]*;")
                .Select(write => Regex.IsMatch(write.Value, @"\btags\b") ? member : write.Value))
            : members.Where(member => looks.Length > 0
                && Regex.IsMatch(member, $@"\b(IEnumerable<\w+(<\w+>)?>|Measurement<\w+>) {looks}\b"));
        return writers.SelectMany(member => TagKeys().Matches(member))
            .Select(match => match.Groups[1].Success ? match.Groups[1].Value : ValueOf(match.Groups[2].Value, source));
    }

    private static string ValueOf(string constant, string source)
        => constant.StartsWith("MessagingTags.", StringComparison.Ordinal)
            ? Constant(Layout.Read("services/shared/Strata.Streaming/Telemetry/MessagingTags.cs"), constant["MessagingTags.".Length..])
            : Constant(source, constant);

    private static string Constant(string source, string name)
        => Regex.Match(source, $@"const string {name} = ""([^""]+)""").Groups[1].Value;

    [GeneratedRegex(
        @"(?:(?<field>_\w+)\s*=\s*)?(?:\w+\.Create\([^()]*\)\s*|\w+)"
        + @"\.Create(?:Observable)?(?<kind>Counter|Histogram|Gauge|UpDownCounter)(?:<\w+>)?"
        + @"\(\s*""(?<name>[a-z_.]+)"",\s*(?:(?:\(\) => )?(?<looks>\w+)[^""]*?,\s*)?"
        + @"""(?<unit>[^""]*)"",\s*(?<what>""[^""]*""(?:\s*\+\s*""[^""]*"")*)")]
    private static partial Regex Creations();

    [GeneratedRegex(@"""([^""]*)""")]
    private static partial Regex Texts();

    [GeneratedRegex(
        @"(?:\{ |KeyValuePair<string, object\?>\(\s*|KeyValuePair\.Create<string, object\?>\(\s*|tags\.Add\(|new\(\s*)"
        + @"(?:""([a-z_.]+)""|((?:MessagingTags\.)?[A-Z]\w+)),")]
    private static partial Regex TagKeys();

    [GeneratedRegex(@"\n    (?=public |private |internal )")]
    private static partial Regex Members();

    [GeneratedRegex(@"<summary>(.*?)</summary>")]
    private static partial Regex Summaries();

    [GeneratedRegex(@"<(?:see|paramref) (?:cref|name|langword)=""([^""]+)""\s*/>")]
    private static partial Regex References();

    [GeneratedRegex(@"</?\w+>")]
    private static partial Regex Tags();

    /// <summary>A metric.</summary>
    /// <param name="Name">The instrument's.</param>
    /// <param name="Shown">Prometheus's name.</param>
    /// <param name="Unit">Unit, in words.</param>
    /// <param name="Labels">Labels.</param>
    /// <param name="What">What it is.</param>
    internal sealed record Metric(string Name, string Shown, string Unit, IReadOnlyList<string> Labels, string What);
}
