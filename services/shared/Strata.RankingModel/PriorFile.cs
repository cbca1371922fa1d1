using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Strata.RankingModel;

/// <summary>A data set that a prior was learned from.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Events">Hash of its events' file, by which it is known again: XXH64 of the bytes, hexadecimal.</param>
/// <param name="Examples">Examples taken from it.</param>
public sealed record PriorSet(string Name, string Events, int Examples);

/// <summary>A prior learned from all sets but one.</summary>
/// <param name="Without">Name of the set left out; empty: none.</param>
/// <param name="Clicks">Items chosen.</param>
/// <param name="Shown">Items shown, weighted by position.</param>
/// <param name="Features">
/// By name: mean, variance, weights (shared, then one a context), mean squared gradients (in the same order).
/// </param>
public sealed record PriorModel(string Without, double Clicks, double Shown, IReadOnlyDictionary<string, double[]> Features);

/// <summary>
/// The file that a prior is shipped in: which data, which command, and beside the prior from all of them one for each set without it, so
/// that what is judged on a set knows nothing of it.
/// </summary>
/// <param name="Command">What made the file.</param>
/// <param name="Schema">Version of the feature schema.</param>
/// <param name="Strength">How many examples the prior weighs as much as.</param>
/// <param name="Sets">What it was learned from.</param>
/// <param name="Models">One from all sets, and one without each.</param>
public sealed record PriorFile(
    string Command,
    uint Schema,
    double Strength,
    IReadOnlyList<PriorSet> Sets,
    IReadOnlyList<PriorModel> Models)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<PriorFile> Embedded = new(ReadEmbedded);

    private readonly ConcurrentDictionary<PriorModel, Prior> _priors = [];

    /// <summary>The file that Strata ships with.</summary>
    public static PriorFile Shipped => Embedded.Value;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static PriorFile Parse(string text)
        => JsonSerializer.Deserialize<PriorFile>(text, Format) ?? throw new InvalidDataException("The file of the prior is empty.");

    /// <summary>The prior, learned without the set whose events' file has this hash; null or an unknown one: from all.</summary>
    /// <exception cref="InvalidDataException">The file lacks that prior or one of its features.</exception>
    public Prior Prior(string? withoutEvents = null)
    {
        var without = withoutEvents is null ? null : Sets.FirstOrDefault(set => set.Events == withoutEvents)?.Name;
        var model = Models.FirstOrDefault(candidate => candidate.Without == (without ?? string.Empty))
            ?? throw new InvalidDataException($"The file has no prior without '{without}'.");
        return _priors.GetOrAdd(model, Make);
    }

    /// <summary>One line a feature, so that a change of the file can be read.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        text.Append("{\n  \"command\": ").Append(JsonSerializer.Serialize(Command)).Append(",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"schema\": {Schema},\n  \"strength\": {Strength},\n  \"sets\": [\n");
        text.AppendJoin(",\n", Sets.Select(set => "    " + JsonSerializer.Serialize(set, Format))).Append("\n  ],\n  \"models\": [\n");
        text.AppendJoin(",\n", Models.Select(Write)).Append("\n  ]\n}\n");
        return text.ToString();
    }

    private static string Write(PriorModel model)
    {
        var features = model.Features.Select(feature => $"      \"{feature.Key}\": [{string.Join(", ", feature.Value.Select(Digits))}]");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"    {{ \"without\": \"{model.Without}\", \"clicks\": {model.Clicks:F0}, \"shown\": {model.Shown:F0}, \"features\": {{\n")
            + string.Join(",\n", features) + "\n    } }";
    }

    private static string Digits(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static PriorFile ReadEmbedded()
    {
        const string Name = "Strata.RankingModel.prior.json";
        using var stream = typeof(PriorFile).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidDataException($"{Name} is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private Prior Make(PriorModel model)
    {
        var rows = FeatureSchema.Names.Select(name => model.Features.TryGetValue(name, out var row) && row.Length == Width
            ? row
            : throw new InvalidDataException($"The file's prior without '{model.Without}' lacks {name}, or has no {Width} numbers of it."))
            .ToArray();
        return new Prior(
            Schema,
            Column(0),
            Column(1),
            [.. Enumerable.Range(2, Contexts.Count + 1).Select(Column)],
            [.. Enumerable.Range(3 + Contexts.Count, Contexts.Count + 1).Select(Column)],
            model.Clicks,
            model.Shown,
            Strength);

        double[] Column(int column) => [.. rows.Select(row => row[column])];
    }

    // Mean and variance, then a weight and a curvature for what is shared and for each context.
    private static int Width => 2 + (2 * (Contexts.Count + 1));
}
