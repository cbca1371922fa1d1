using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Affinities;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Candidates;

/// <summary>A query's words and its meaning together.</summary>
[Trait("height", "unit")]
public sealed class QueryMatchTests
{
    private static readonly int[] Rows = [0, 1, 2, 3];

    [Fact]
    public void TryScore_ATitleHoldsAllWords_BringsItBeforeNearerTexts()
    {
        var world = Lamps();

        var scores = Score(world, [1, 0, 0], "red", "lamp");

        Assert.Equal(2, Array.IndexOf(scores, scores.Max()));
        Assert.Equal(1, scores.Max(), 1e-5);
    }

    [Fact]
    public void TryScore_NoTitleHoldsAWord_GoesByMeaning()
    {
        var world = Lamps();

        var scores = Score(world, [1, 0, 0], "rde", "lmap");

        Assert.Equal([0, 1, 2, 3], Rows.OrderByDescending(row => scores[row]));
        Assert.Equal(scores, Score(world, [1, 0, 0]));
    }

    [Fact]
    public void TryScore_NothingNear_ScoresOnlyWhatHoldsHalfOfTheWords()
    {
        var world = Lamps();
        var scores = new float[Rows.Length];

        Assert.False(new QueryMatch().TryScore(world.View, [0.3f, 0, 0.954f], ["chair", "sofa"], Rows, 0.6f, scores));
        Assert.True(new QueryMatch().TryScore(world.View, [0.3f, 0, 0.954f], ["red", "lamp"], Rows, 0.6f, scores));
    }

    [Fact]
    public void Score_OfARowThatWasScored_IsItsScore()
    {
        var world = Lamps();
        var match = new QueryMatch();
        var scores = new float[Rows.Length];
        match.TryScore(world.View, [1, 0, 0], ["red", "lamp"], Rows, 0, scores);

        Assert.All(Rows, row => Assert.Equal(scores[row], match.Score(world.View, row), 1e-6));
    }

    [Fact]
    public void Search_QueryLessItsMean_IsComparedAsItIs()
    {
        // The items' mean points north: a query that is centred already must not lose it again.
        var world = new World().Item("east", [1, 0.2f]).Item("north", [0.2f, 1]);
        world.With(World.LayerSet(1, [0.5f, 0.9f], (1, [1, 0], 1))).Published();
        var profile = new Profile { LastEventUnixMs = World.NowMs };
        profile.Queries.Add(
            new ProfileQuery { Text = "go", Vector = World.Encode(0.75f, -0.66f), Centred = true, TimeUnixMs = World.NowMs });

        using var request = world.Rank(profile);

        Assert.Equal("east", World.Ids(request, SourceSchema.Search)[0]);
        Assert.Equal(0.75f, request.Text.Queries[0][0], 1e-2);
    }

    [Fact]
    public void Search_LargeCatalogue_ScoresTheItemsOfTheQuerysLayerAsASmallOneDoes()
    {
        var (exact, layered) = (new World(), new World(new() { ExactScanItems = 4, MostScanItems = 4 }));
        foreach (var world in new[] { exact, layered })
        {
            foreach (var (id, vector, title) in Catalogue())
            {
                Put(world, id, vector, title);
            }

            world.With(World.LayerSet(1, [], (1, [1, 0, 0], 1), (2, [0, 0, 1], 1))).Published();
        }

        var profile = new Profile { LastEventUnixMs = World.NowMs };
        profile.Queries.Add(
            new ProfileQuery
            {
                Text = "red lamp",
                Vector = World.Encode(1, 0.05f, 0),
                Centred = true,
                Terms = { "red", "lamp" },
                TimeUnixMs = World.NowMs,
            });

        using var all = exact.Rank(profile);
        using var some = layered.Rank(profile);

        Assert.Equal(4, some.Text.Count - 2);
        Assert.Equal(World.Ids(all, SourceSchema.Search)[..4], World.Ids(some, SourceSchema.Search)[..4]);
        Assert.All(some.Text.Search[..some.Text.Count], score => Assert.InRange(score, 0, 1));
    }

    private static float[] Score(World world, float[] direction, params string[] terms)
    {
        var scores = new float[Rows.Length];
        Assert.True(new QueryMatch().TryScore(world.View, direction, terms, Rows, 0, scores));
        return scores;
    }

    private static (string Id, float[] Vector, string Title)[] Catalogue() =>
    [
        ("near", [1, 0, 0], "bedside light"),
        ("second", [0.98f, 0.2f, 0], "table light"),
        ("named", [0.95f, 0.31f, 0], "red lamp"),
        ("far", [0.6f, 0.8f, 0], "green table"),
        ("other", [0, 0.1f, 1], "shoe"),
        ("another", [0, 0.2f, 1], "boot"),
    ];

    private static World Lamps()
    {
        var world = new World();
        foreach (var (id, vector, title) in Catalogue()[..4])
        {
            Put(world, id, vector, title);
        }

        return world.Published();
    }

    private static void Put(World world, string id, float[] vector, string title)
    {
        var features = new ItemFeatures { ItemId = id, Title = title, Encoder = "test", Embedding = World.Encode(vector) };
        features.TitleTerms.AddRange(title.Split(' '));
        world.Catalogue.Put(features);
    }
}
