using System.Text.Json;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Evaluator.Texts;
using Strata.Numerics;
using Strata.Numerics.Clusters;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Spaces;

/// <summary>The sample's shop, whose topics are known.</summary>
internal static class SampleSpace
{
    /// <summary>Its items as they lie in their file.</summary>
    public static List<JsonElement> Items => Lines("items.jsonl");

    /// <summary>The same with their raw vectors, encoded once.</summary>
    public static Lazy<Task<(List<JsonElement> Lines, Int8Vector[] Vectors)>> Shop { get; } = new(ReadAsync);

    /// <summary>What people search for there.</summary>
    public static List<JsonElement> Queries => Lines("queries.jsonl");

    /// <summary>The encoder, with vectors remembered.</summary>
    public static TextFeatures Open() => new(Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests"));

    /// <summary>NMI of the layers of vectors with the topics of their lines.</summary>
    public static double Agreement(LayerSet set, IEnumerable<Vector> vectors, List<JsonElement> lines)
    {
        var topics = lines.Select(line => Text(line, "topic")).ToList();
        var names = topics.Distinct().ToList();
        return ClusterAgreement.NormalizedMutualInformation(
            Assign(set, [.. vectors.Select(ToRaw)]), [.. topics.Select(topic => names.IndexOf(topic))]);
    }

    /// <summary>Index of the layer of each vector.</summary>
    public static int[] Assign(LayerSet set, IReadOnlyList<Int8Vector> raw)
    {
        var points = new float[raw.Count * set.Dimensions];
        for (var i = 0; i < raw.Count; i++)
        {
            raw[i].TryCentre(set.Mean.Span, points.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[raw.Count];
        new Assigner(set).Assign(points, nearest);
        return Array.ConvertAll(nearest, point => point.First);
    }

    public static Item ToItem(JsonElement line)
        => new() { ItemId = Text(line, "item"), Title = Text(line, "title"), Description = Text(line, "description") };

    public static Int8Vector ToRaw(Vector vector) => new(vector.Codes.Memory, vector.Scale);

    public static Vector ToVector(Int8Vector raw)
        => new() { Codes = Google.Protobuf.ByteString.CopyFrom(raw.Codes.Span), Scale = raw.Scale };

    public static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static List<JsonElement> Lines(string file)
        => [.. File.ReadLines(Path.Combine(Repository.Root, "services", "Strata.Local", "Sample", file))
            .Select(line => JsonDocument.Parse(line).RootElement)];

    private static async Task<(List<JsonElement> Lines, Int8Vector[] Vectors)> ReadAsync()
    {
        using var texts = Open();
        var lines = Items;
        var features = await texts.DescribeAsync([.. lines.Select(ToItem)], _ => { }, CancellationToken.None);
        return (lines, [.. features.Select(item => ToRaw(item.Embedding))]);
    }
}
