using System.Text.Json;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Texts;
using Strata.Featurizer.Profiles.Core;
using Strata.Numerics;
using Strata.Numerics.Clusters;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Spaces;

/// <summary>Nobody's layers are one user's to bend: on the sample's shop, whose topics are known.</summary>
[Trait("height", "harness")]
public sealed class OneUserTests
{
    private const long Start = 1_700_000_000_000;
    private const int Shoppers = 2_000;
    private const int Ordinary = 10_000;
    private const int Clicks = 20_000;

    private static readonly string Sample = Path.Combine(Repository.Root, "services", "Strata.Local", "Sample");

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public async Task Layers_WhenOneUserClicksTheSameItemsOverAndOver_StayThoseOfTheCatalogue(int clicked)
    {
        using var texts = new TextFeatures(Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests"));
        List<JsonElement> lines =
            [.. File.ReadLines(Path.Combine(Sample, "items.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        var features = await texts.DescribeAsync([.. lines.Select(ToItem)], _ => { }, TestContext.Current.CancellationToken);
        var topics = lines.ConvertAll(line => Text(line, "topic"));

        var without = Agreement(Replay(features, topics, clicked: 0), features, topics);
        var with = Agreement(Replay(features, topics, clicked), features, topics);

        TestContext.Current.TestOutputHelper?.WriteLine($"NMI of items with topics: {without:F3}, with one user's clicks {with:F3}");
        Assert.True(with >= without - .03, $"without {without}, with {with}");
    }

    // Ordinary shoppers click items of two topics each; between their events one more user clicks the first items of the catalogue.
    private static LayerSet Replay(ItemFeatures[] features, List<string> topics, int clicked)
    {
        var random = new Random(5);
        var setup = new StrataSetup();
        var layers = new LayerFollower(setup, features[0].Encoder, Shoppers + 1, _ => { });
        foreach (var item in features)
        {
            layers.Put(item.ItemId, ToRaw(item.Embedding));
        }

        layers.SeedIfDue();
        string[] names = [.. topics.Distinct()];
        var itemsOf = names.Select(name => Enumerable.Range(0, topics.Count).Where(item => topics[item] == name).ToArray()).ToArray();
        var profiles = Enumerable.Range(0, Shoppers + 1).Select(_ => new Profile()).ToArray();
        var (step, influence, offset) = (new ProfileStep(setup.Profiles), new UserInfluence(setup.Profiles), 0L);
        for (var i = 0; i < Ordinary; i++)
        {
            var user = random.Next(Shoppers);
            var items = itemsOf[(user + (random.Next(2) * 7)) % names.Length];
            Click(user, items[random.Next(items.Length)], i);
            for (var k = 0; clicked > 0 && k < Clicks / Ordinary; k++)
            {
                Click(Shoppers, (int)(offset % clicked), i);
            }
        }

        return layers.Set!;

        void Click(int user, int item, int second)
        {
            var time = Start + (second * 1_000L);
            var act = new ProfileAct(
                offset, 0, EventKind.Click, time, features[item].ItemId, "", features[item].Terms, features[item].Embedding);
            var userOnly = influence.IsUserOnly(profiles[user], $"user{user}", act);
            step.Apply(profiles[user], act);
            layers.Add(user, offset++, time, setup.Profiles.Weights.Click, ToRaw(features[item].Embedding), userOnly, itemId: null);
        }
    }

    private static double Agreement(LayerSet set, ItemFeatures[] features, List<string> topics)
    {
        var points = new float[features.Length * set.Dimensions];
        for (var i = 0; i < features.Length; i++)
        {
            ToRaw(features[i].Embedding).TryCentre(set.Mean.Span, points.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[features.Length];
        new Assigner(set).Assign(points, nearest);
        List<string> names = [.. topics.Distinct()];
        return ClusterAgreement.NormalizedMutualInformation(
            [.. nearest.Select(layer => layer.First)], [.. topics.Select(topic => names.IndexOf(topic))]);
    }

    private static Item ToItem(JsonElement line)
        => new() { ItemId = Text(line, "item"), Title = Text(line, "title"), Description = Text(line, "description") };

    private static Int8Vector ToRaw(Vector vector) => new(vector.Codes.Memory, vector.Scale);

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;
}
