using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using Strata.Local.Series;
using Strata.Local.Traffic;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Series;

/// <summary>What is measured of a system whose answers are known.</summary>
[Trait("height", "unit")]
public sealed class FreshUsersTests
{
    /// <summary>A topic of three items and one of twelve.</summary>
    private static readonly SampleCatalogue Shop = Catalogue(("pots", 3), ("bees", 12));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SearchAsync_EachTopicHasItsLayerAndSlatesAreOfTheTopic_AllIsAsGoodAsCanBe()
    {
        var calls = System(layerOf: topic => topic == "pots" ? 7u : 9u, slateOf: topic => [topic]);

        var found = await Users(calls).SearchAsync(Shop, "1", Cancellation);

        // The small topic fills three positions of ten, and that is all it can.
        Assert.Equal(1, found.Nmi, 1e-9);
        Assert.Equal(1, found.SlateShare, 1e-9);
        Assert.Equal(Shop.Queries.Count, calls.Of<RecommendRequest>().Count());
        Assert.All(calls.Of<RecommendRequest>(), request => Assert.True(request is { Count: 10, DryRun: true, AsOf.Length: > 0 }));
        Assert.Distinct(calls.Of<PublishEventRequest>().Select(sent => sent.Event.UserId));
    }

    [Fact]
    public async Task SearchAsync_OneLayerTakesAllSearches_NmiIsNothing()
    {
        var calls = System(layerOf: _ => 5, slateOf: _ => ["pots", "bees"]);

        var found = await Users(calls).SearchAsync(Shop, "1", Cancellation);

        // A slate of ten: three pots and seven bees.
        Assert.Equal((0, 0), (Math.Round(found.Nmi, 9), found.WithoutWeight));
        Assert.Equal((1 + .7) / 2, found.SlateShare, 1e-9);
    }

    [Fact]
    public async Task ClickAsync_FiveItemsEach_AsksForASlateByTheLastToken()
    {
        var calls = System(layerOf: _ => 5, slateOf: topic => topic == "pots" ? ["bees"] : [topic]);

        var share = await Users(calls).ClickAsync(Shop, "1", Cancellation);

        Assert.Equal(.5, share, 1e-9);
        var clicks = calls.Of<PublishEventRequest>().Select(sent => sent.Event).ToLookup(act => act.UserId);
        Assert.All(clicks, user =>
        {
            Assert.All(user, act => Assert.Equal(EventKind.Click, act.Kind));
            Assert.Distinct(user.Select(act => act.ItemId));
            Assert.Single(user.Select(act => Shop.Find(act.ItemId)!.Topic).Distinct());
            Assert.Equal(Math.Min(5, Shop.Items.Count(item => item.Topic == TopicOf(user.Key))), user.Count());
        });
        Assert.All(
            calls.Of<RecommendRequest>(), request => Assert.Equal($"after {clicks[request.UserId].Last().ItemId}", request.AsOf));
    }

    private static string TopicOf(string user) => user.Contains("pots", StringComparison.Ordinal) ? "pots" : "bees";

    private static FreshUsers Users(UnaryCalls calls) => new(
        new IngestionClient(calls),
        new SlateReader(new RankingClient(calls), TimeProvider.System),
        new LayersClient(calls),
        TimeProvider.System,
        seed: 1);

    // A user wants the topic of the last thing that they did.
    private static UnaryCalls System(Func<string, uint> layerOf, Func<string, string[]> slateOf)
    {
        var wants = new Dictionary<string, string>();
        return new UnaryCalls(request =>
        {
            switch (request)
            {
                case PublishEventRequest { Event: var act }:
                    wants[act.UserId] = Shop.Find(act.ItemId)?.Topic ?? Shop.Queries.First(query => query.Query == act.Query).Topic;
                    return new PublishEventResponse { AsOf = $"after {act.ItemId}{act.Query}" };
                case RecommendRequest recommend:
                    var slate = new RecommendResponse();
                    slate.Items.AddRange(
                        slateOf(wants[recommend.UserId]).SelectMany(topic => Shop.Items.Where(item => item.Topic == topic))
                            .Take((int)recommend.Count)
                            .Select(item => new RankedItem { ItemId = item.ItemId }));
                    return slate;
                case GetUserLayersRequest row:
                    var answer = new GetUserLayersResponse();
                    answer.Layers.Add(new UserLayer { LayerId = 1, LongInterest = .2, Probability = .9 });
                    answer.Layers.Add(new UserLayer { LayerId = layerOf(wants[row.UserId]), LongInterest = .8, Probability = .1 });
                    return answer;
                default:
                    throw new ArgumentOutOfRangeException(nameof(request), request, "not asked for");
            }
        });
    }

    private static SampleCatalogue Catalogue(params (string Topic, int Items)[] topics)
    {
        var items = topics.SelectMany(topic => Enumerable.Range(0, topic.Items).Select(n => $$"""
            {"item":"{{topic.Topic}}-{{n}}","topic":"{{topic.Topic}}","shelf":"s","title":"{{topic.Topic}} {{n}}","description":"d"}
            """));
        var queries = topics.SelectMany(topic => Enumerable.Range(0, 4).Select(n => $$"""
            {"topic":"{{topic.Topic}}","shelf":"s","query":"{{topic.Topic}} query {{n}}"}
            """));
        return SampleCatalogue.Read(new StringReader(string.Join('\n', items)), new StringReader(string.Join('\n', queries)));
    }
}
