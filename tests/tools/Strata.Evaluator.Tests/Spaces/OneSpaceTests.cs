using System.Text.Json;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Texts;
using Strata.Featurizer.Answers.Core;
using Strata.Numerics;
using Strata.Numerics.Clusters;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Spaces;

/// <summary>A search lands in the layer of the items that answer it: on the sample's shop, whose topics are known.</summary>
[Trait("height", "harness")]
public sealed class OneSpaceTests
{
    private static readonly string Sample = Path.Combine(Repository.Root, "services", "Strata.Local", "Sample");

    [Fact]
    public async Task Query_AsItsAnswers_LiesInTheLayerOfItsTopic()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var texts = new TextFeatures(Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests"));
        var (items, queries) = (Lines("items.jsonl"), Lines("queries.jsonl"));
        var features = await texts.DescribeAsync([.. items.Select(ToItem)], _ => { }, cancel);
        var known = await QueryFeatures.DescribeAsync(texts, queries.Select(line => Text(line, "query")), _ => _ => { }, cancel);
        var index = new AnswerIndex(new AnswersOptions());
        foreach (var item in features)
        {
            index.Put(item.ItemId, item.Embedding);
        }

        index.Publish();

        var set = LayerSeeding.Seed([.. features.Select(item => ToRaw(item.Embedding))], texts.Encoder, new LayersOptions(), null);
        var own = queries.ConvertAll(line => known.Vectors[Text(line, "query")]);
        var answered = own.ConvertAll(vector => index.Answer(vector, known.Plain));

        var byItems = Agreement(set, features.Select(item => item.Embedding), items);
        var byOwn = Agreement(set, own, queries);
        var byAnswers = Agreement(set, answered.OfType<Vector>(), [.. queries.Where((_, i) => answered[i] is not null)]);
        TestContext.Current.TestOutputHelper?.WriteLine($"NMI: items {byItems:F3}, queries {byOwn:F3}, as their answers {byAnswers:F3}");
        Assert.InRange(answered.Count(answer => answer is null), 0, queries.Count / 100);
        Assert.True(byAnswers >= .9 * byItems && byAnswers > byOwn + .1, $"items {byItems}, queries {byOwn}, as their answers {byAnswers}");
    }

    [Theory]
    [InlineData("asdf qwer")]
    [InlineData("buy")]
    [InlineData("best")]
    [InlineData("12345")]
    [InlineData("visa application")]
    public async Task Query_ThatSaysNothing_HasNoAnswer(string query)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var texts = new TextFeatures(Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests"));
        var features = await texts.DescribeAsync([.. Lines("items.jsonl").Select(ToItem)], _ => { }, cancel);
        var known = await QueryFeatures.DescribeAsync(texts, [query], _ => _ => { }, cancel);
        var index = new AnswerIndex(new AnswersOptions());
        foreach (var item in features)
        {
            index.Put(item.ItemId, item.Embedding);
        }

        index.Publish();

        Assert.Null(index.Answer(known.Vectors[query], known.Plain));
    }

    private static double Agreement(LayerSet set, IEnumerable<Vector> vectors, List<JsonElement> lines)
    {
        var raw = vectors.Select(ToRaw).ToArray();
        var points = new float[raw.Length * set.Dimensions];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i].TryCentre(set.Mean.Span, points.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[raw.Length];
        new Assigner(set).Assign(points, nearest);
        var topics = lines.Select(line => Text(line, "topic")).ToList();
        var names = topics.Distinct().ToList();
        return ClusterAgreement.NormalizedMutualInformation(
            [.. nearest.Select(layer => layer.First)], [.. topics.Select(topic => names.IndexOf(topic))]);
    }

    private static List<JsonElement> Lines(string file)
        => [.. File.ReadLines(Path.Combine(Sample, file)).Select(line => JsonDocument.Parse(line).RootElement)];

    private static Item ToItem(JsonElement line)
        => new() { ItemId = Text(line, "item"), Title = Text(line, "title"), Description = Text(line, "description") };

    private static Int8Vector ToRaw(Vector vector) => new(vector.Codes.Memory, vector.Scale);

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;
}
