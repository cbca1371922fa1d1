using System.Globalization;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Tests.Candidates;

[Trait("height", "unit")]
public sealed class PinnedCandidatesTests
{
    [Fact]
    public void Gather_PinsForHundredsOfPlaces_LeaveTwoThirdsToTheSources()
    {
        using var request = Rank(pins: 3, places: 100);

        Assert.Equal(300, request.Count);
        Assert.Equal(99, Pinned(request).Length);
    }

    [Fact]
    public void Gather_PinOfWhatNoSourceProposes_HasTheMostPopularOfTheWeek()
    {
        using var request = Rank(pins: 1, places: 1);

        Assert.Equal(Enumerable.Range(380, 20), Pinned(request).Order());
    }

    private static int[] Pinned(RankingRequest request)
        => [.. request.Items.ToArray().Select(item => int.Parse(request.View.Items.Ids[item][1..], CultureInfo.InvariantCulture))
            .Where(number => number < 400)];

    // Four hundred new things that hardly anybody looked at, and four hundred that everybody does.
    private static RankingRequest Rank(int pins, int places)
    {
        var world = new World(candidates: new CandidateOptions { Limit = 300, PerSource = 300, Sources = ["popular_7d"] });
        for (var i = 0; i < 800; i++)
        {
            world.Item($"i{i}", title: i < 400 ? $"New thing {i}" : $"Thing {i}")
                .With(World.Activity($"i{i}", popularity: i < 400 ? 0.001 * (i + 1) : 1000));
        }

        var conditions = ItemConditions.Of(new ItemFilter { MaxPrice = 1 })!;
        foreach (var number in Enumerable.Range(0, 400))
        {
            var features = world.Published().View.Items.Features[world.View.IndexOf($"i{number}")]!.Clone();
            features.Price = new() { Amount = 1, Currency = "EUR" };
            world.Catalogue.Put(features);
        }

        var rules = Enumerable.Range(0, pins).Select(pin => new SlateRule($"pin-{pin}", SlateRuleAction.Pin, places, conditions));
        return world.Published().Rank(null, RequestConstraints.Usual with { Rules = [.. rules] });
    }
}
