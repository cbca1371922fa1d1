using System.Globalization;
using System.Text.Json;
using Strata.Clustering.Assignment;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Evaluator.Replays;
using Strata.Featurizer.Answers.Core;
using Strata.Numerics;

namespace Strata.Evaluator.Tests.Spaces;

/// <summary>What becomes of users' weights when the catalogue becomes another one: on the sample's shop, whose topics are known.</summary>
[Trait("height", "harness")]
public sealed class UsersInMotionTests
{
    /// <summary>
    /// Of the weight that a user of one to four topics had on the layers where these lie, how much lies there when the catalogue is
    /// another one: whoever had a topic that was a guest in a larger one's layer as well.
    /// </summary>
    [Theory]
    [InlineData("every other item, then all", 2, 1)]
    [InlineData("500 items, then all", -500, 1)]
    [InlineData("a tenth, then all", 10, 1)]
    [InlineData("all, then a tenth", 1, 10)]
    public async Task Seed_CatalogueInMotion_UsersWeightsStayWithTheirTopics(string motion, int everyBefore, int everyAfter)
    {
        var (lines, vectors) = await SampleSpace.Shop.Value;
        var before = new Catalogued(lines, vectors, everyBefore, null);
        var after = new Catalogued(lines, vectors, everyAfter, before.Set);
        var random = new Random(7);
        string[] topics = [.. before.Topics.Intersect(after.Topics)];
        var kept = new List<double>();
        for (var n = 0; n < 400; n++)
        {
            random.Shuffle(topics);
            var own = topics[..(1 + (n % 4))];
            int[] items = [.. before.Rows.Where(i => own.Contains(SampleSpace.Text(lines[i], "topic")))];
            random.Shuffle(items);
            var user = items.Take(12).Aggregate(UserWeights.Empty, (weights, i) => Add(weights, before.Set, vectors[i], $"{i}"));
            var moved = Interest.Inherit(user, after.Set, id => vectors[int.Parse(id, CultureInfo.InvariantCulture)]);

            // The smallest of more than sixteen fall off.
            Assert.InRange(moved.Entries.Sum(entry => entry.LongTerm) / user.Entries.Sum(entry => entry.LongTerm), .9, 1.001);
            kept.Add(Math.Min(1, after.WeightAt(own, moved) / before.WeightAt(own, user)));
        }

        Assert.True(kept.Average() >= .9, $"{motion}: {kept.Average():F3} kept, under .9 by {kept.Count(share => share < .9)} of 400");
    }

    /// <summary>The same of a user who only searches: what answered speaks for them, in the catalogue that there was.</summary>
    [Theory]
    [InlineData("every other item, then all", 2, 1)]
    [InlineData("500 items, then all", -500, 1)]
    [InlineData("a tenth, then all", 10, 1)]
    [InlineData("all, then a tenth", 1, 10)]
    public async Task Seed_CatalogueInMotion_SearchesWeightsStayWithTheirTopics(string motion, int everyBefore, int everyAfter)
    {
        var (lines, vectors) = await SampleSpace.Shop.Value;
        var before = new Catalogued(lines, vectors, everyBefore, null);
        var after = new Catalogued(lines, vectors, everyAfter, before.Set);
        var answers = await AnswersAsync(before, lines, vectors);
        var random = new Random(7);
        string[] topics = [.. before.Topics.Intersect(after.Topics).Where(topic => answers[topic].Any())];
        var kept = new List<double>();
        for (var n = 0; n < 400; n++)
        {
            random.Shuffle(topics);
            var own = topics[..(1 + (n % 4))];
            QueryAnswer[] searches = [.. own.SelectMany(topic => answers[topic])];
            random.Shuffle(searches);
            var user = searches.Take(12).Aggregate(
                UserWeights.Empty, (weights, answer) => Add(weights, before.Set, SampleSpace.ToRaw(answer.Point), answer.ItemId));
            var moved = Interest.Inherit(user, after.Set, id => vectors[int.Parse(id, CultureInfo.InvariantCulture)]);
            if (before.WeightAt(own, user) is > 0 and var had)
            {
                kept.Add(Math.Min(1, after.WeightAt(own, moved) / had));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{motion}: {kept.Average():F3} of {kept.Count} users' weight kept");
        Assert.True(kept.Count > 350 && kept.Average() >= .9, $"{motion}: {kept.Average():F3} of {kept.Count} users' weight kept");
    }

    /// <summary>
    /// What each topic's queries are taken as where only these items are: those of which one of it is the best answer there.
    /// </summary>
    private static async Task<ILookup<string, QueryAnswer>> AnswersAsync(
        Catalogued catalogue, List<JsonElement> lines, Int8Vector[] vectors)
    {
        using var texts = SampleSpace.Open();
        var known = await QueryFeatures.DescribeAsync(
            texts,
            SampleSpace.Queries.Select(line => SampleSpace.Text(line, "query")),
            _ => _ => { },
            TestContext.Current.CancellationToken);
        var index = new AnswerIndex(new AnswersOptions());
        foreach (var row in catalogue.Rows)
        {
            index.Put($"{row}", SampleSpace.ToVector(vectors[row]));
        }

        index.Publish();
        return SampleSpace.Queries
            .Select(line => (
                Topic: SampleSpace.Text(line, "topic"),
                Answer: index.Answer(known.Vectors[SampleSpace.Text(line, "query")], known.Plain)))
            .Where(search => search.Answer is { } answer
                && SampleSpace.Text(lines[int.Parse(answer.ItemId, CultureInfo.InvariantCulture)], "topic") == search.Topic)
            .ToLookup(search => search.Topic, search => search.Answer!);
    }

    private static UserWeights Add(UserWeights user, LayerSet set, Int8Vector vector, string itemId)
    {
        var centred = new float[set.Dimensions];
        vector.TryCentre(set.Mean.Span, centred);
        var nearest = new Nearest[1];
        new Assigner(set).Assign(centred, nearest);
        return Interest.Add(user, set, nearest[0], 1, 1_700_000_000_000, new InterestsOptions(), itemId);
    }

    /// <summary>Every so manieth item of the shop, or so many of the first, and their layers.</summary>
    private sealed class Catalogued
    {
        private readonly ILookup<string, uint> _layers;

        public Catalogued(List<JsonElement> lines, Int8Vector[] vectors, int every, LayerSet? previous)
        {
            Rows = [.. Enumerable.Range(0, lines.Count).Where(i => every < 0 ? i < -every : i % every == 0)];
            Int8Vector[] own = [.. Rows.Select(i => vectors[i])];
            Set = LayerSeeding.Seed(own, "e", new LayersOptions(), previous);
            _layers = Rows.Zip(SampleSpace.Assign(Set, own))
                .ToLookup(row => SampleSpace.Text(lines[row.First], "topic"), row => Set.Layers[row.Second].Id);
        }

        public int[] Rows { get; }

        public LayerSet Set { get; }

        public IEnumerable<string> Topics => _layers.Select(topic => topic.Key);

        public double WeightAt(string[] topics, UserWeights user)
        {
            var home = topics.SelectMany(topic => _layers[topic]).ToHashSet();
            return user.Entries.Where(entry => home.Contains(entry.LayerId)).Sum(entry => entry.LongTerm);
        }
    }
}
