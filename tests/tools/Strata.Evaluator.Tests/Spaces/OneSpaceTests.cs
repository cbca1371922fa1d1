using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Contracts.Common.V1;
using Strata.Evaluator.Replays;
using Strata.Featurizer.Answers.Core;

namespace Strata.Evaluator.Tests.Spaces;

/// <summary>A search lands in the layer of the items that answer it: on the sample's shop, whose topics are known.</summary>
[Trait("height", "harness")]
public sealed class OneSpaceTests
{
    [Fact]
    public async Task Query_AsItsAnswers_LiesInTheLayerOfItsTopic()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var texts = SampleSpace.Open();
        var (items, queries) = (SampleSpace.Items, SampleSpace.Queries);
        var features = await texts.DescribeAsync([.. items.Select(SampleSpace.ToItem)], _ => { }, cancel);
        var known = await QueryFeatures.DescribeAsync(
            texts, queries.Select(line => SampleSpace.Text(line, "query")), _ => _ => { }, cancel);
        var index = new AnswerIndex(new AnswersOptions());
        foreach (var item in features)
        {
            index.Put(item.ItemId, item.Embedding);
        }

        index.Publish();

        var set = LayerSeeding.Seed(
            [.. features.Select(item => SampleSpace.ToRaw(item.Embedding))], texts.Encoder, new LayersOptions(), null);
        var own = queries.ConvertAll(line => known.Vectors[SampleSpace.Text(line, "query")]);
        var answered = own.ConvertAll(vector => index.Answer(vector, known.Plain)?.Point);

        var byItems = SampleSpace.Agreement(set, features.Select(item => item.Embedding), items);
        var byOwn = SampleSpace.Agreement(set, own, queries);
        var byAnswers = SampleSpace.Agreement(set, answered.OfType<Vector>(), [.. queries.Where((_, i) => answered[i] is not null)]);
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
        using var texts = SampleSpace.Open();
        var features = await texts.DescribeAsync([.. SampleSpace.Items.Select(SampleSpace.ToItem)], _ => { }, cancel);
        var known = await QueryFeatures.DescribeAsync(texts, [query], _ => _ => { }, cancel);
        var index = new AnswerIndex(new AnswersOptions());
        foreach (var item in features)
        {
            index.Put(item.ItemId, item.Embedding);
        }

        index.Publish();

        Assert.Null(index.Answer(known.Vectors[query], known.Plain));
    }
}
