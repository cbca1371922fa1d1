using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Slates;

[Trait("height", "unit")]
public sealed class RequestedDiversityTests
{
    private const int Count = 12;

    private readonly World _world = Shop();

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    public void Build_Diversity_IsMaximalMarginalRelevance(double diversity)
    {
        using var request = Rank(diversity);
        var slate = Build(request, World.Slates(diversity: 3));
        double[] scores = [.. Enumerable.Range(0, request.Count).Select(request.ScoreOf)];
        var pool = scores.OrderDescending().Take(50 + (3 * Count)).ToList();
        var deviation = Math.Sqrt(pool.Select(score => (score - pool.Average()) * (score - pool.Average())).Average());

        var placed = new List<int>();
        while (placed.Count < Count)
        {
            placed.Add(Enumerable.Range(0, request.Count).Except(placed).MaxBy(candidate
                => ((1 - diversity) * scores[candidate] / deviation) - (diversity * Likeness(request, candidate, placed))));
        }

        Assert.True(request.Count > pool.Count, $"{request.Count} candidates, all of them compared anyway");
        Assert.Equal(placed, slate.Select(item => item.Candidate));
    }

    [Fact]
    public void Build_MoreDiversity_PlacesItemsLessAlike()
    {
        double[] likeness = [.. new[] { 0, 0.3, 0.6, 1.0 }.Select(diversity =>
        {
            using var request = Rank(diversity);
            var slate = Build(request, World.Slates());
            List<int> placed = [.. slate.Select(item => item.Candidate)];
            return placed.Select((candidate, k) => (double)Likeness(request, candidate, placed[..k])).Average();
        })];

        Assert.Equal(likeness.OrderDescending(), likeness);
        Assert.True(likeness[^1] < 0.7 * likeness[0], string.Join(' ', likeness));
    }

    [Fact]
    public void Build_ShopWhereNothingHappenedYet_MixesItsKinds()
    {
        var world = new World();
        const int Kinds = 4;
        for (var i = 0; i < 6 * Kinds; i++)
        {
            var vector = new float[Kinds];
            vector[i % Kinds] = 1;
            world.Item($"{i % Kinds}-{i}", vector);
        }

        using var request = world.Published().Rank(null, RequestConstraints.Usual with { Diversity = 0.5 });
        var firsts = Build(request, World.Slates()).Take(Kinds).Select(item => request.View.Items.Ids[item.Item][0]);

        Assert.Single(Enumerable.Range(0, request.Count).Select(request.ScoreOf).Distinct());
        Assert.Equal(Kinds, firsts.Distinct().Count());
    }

    [Fact]
    public void Build_Unsaid_IsAsTheSettingsHaveIt()
    {
        using var unsaid = Rank(null);
        var options = new SlateOptions();
        var before = Build(unsaid, options);
        using var said = Rank(options.Diversity / (1 + options.Diversity));

        Assert.Equal(before, Build(said, options));
        Assert.NotEqual(before, Build(unsaid, new SlateOptions { Diversity = 2 }));
    }

    private RankingRequest Rank(double? diversity)
        => _world.Rank(World.Profile("i0", "i1", "i2"), RequestConstraints.Usual with { Diversity = diversity });

    private static IReadOnlyList<PlacedItem> Build(RankingRequest request, SlateOptions options)
        => SlateBuilder.Build(
            request,
            LayerDistribution.For(request, request.User, RankingPolicy.Shipped, options),
            Count,
            exploration: 0,
            options,
            new Random(1));

    private static float Likeness(RankingRequest request, int candidate, List<int> placed)
    {
        var vectors = request.View.Vectors;
        int Row(int one) => vectors.RowOf(request.Items[one]);
        return placed.Count == 0 ? 0 : Math.Max(0, placed.Max(other => vectors.Cosine(Row(other), Row(candidate))));
    }

    private static World Shop()
    {
        var world = new World();
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            float[] vector = [.. Enumerable.Range(0, 4).Select(_ => (float)random.NextDouble() - 0.5f)];
            world.Item($"i{i}", vector, title: $"Thing {(char)('a' + (i % 26))}{(char)('a' + (i / 26))}")
                .With(World.Activity($"i{i}", popularity: 1 + random.Next(50)));
        }

        return world.Published();
    }
}
