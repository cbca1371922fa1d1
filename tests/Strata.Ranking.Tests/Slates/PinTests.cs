using Strata.Contracts.Layers.V1;
using Strata.Ranking.Candidates;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Slates;

[Trait("height", "unit")]
public sealed class PinTests
{
    [Theory]
    [InlineData(9, 0, 10)]
    [InlineData(16, 0, 20)]
    [InlineData(5, 11, 10)]
    [InlineData(9, 7, 9)]
    public void Build_ManyPinsAndBoosts_EveryPinHasItsPlace(int pins, int boosts, int count)
    {
        // As many layers as dimensions, three items each; nobody's lists reach the last ones.
        const int Layers = 20;
        var world = new World(candidates: new CandidateOptions { PerSource = 5 }).With(World.LayerSet(
            1, [], [.. Enumerable.Range(0, Layers).Select(n => ((uint)n + 1, Axis(n, Layers), 1.0))]));
        for (var n = 0; n < 3 * Layers; n++)
        {
            world.Item($"{n % Layers}-{n / Layers}", Axis(n % Layers, Layers)).With(World.Activity($"{n % Layers}-{n / Layers}", 90 - n));
        }

        world.Published();
        var profile = World.Profile("0-0");
        profile.Controls.AddRange(Enumerable.Range(0, boosts)
            .Select(n => new LayerControl { LayerId = (uint)n + 1, Action = LayerAction.Boost }));
        profile.Controls.AddRange(Enumerable.Range(0, pins)
            .Select(n => new LayerControl { LayerId = (uint)(Layers - n), Action = LayerAction.Pin }));

        using var request = world.Rank(profile);
        var layers = LayerDistribution.For(
            request.View, request.History, request.User, world.Policies.Current, new SlateOptions(), request.NowMs);
        var slate = SlateBuilder.Build(request, layers, count, 0, World.Slates(boost: 1), new Random(1));

        var pinned = Enumerable.Range(0, pins).Select(n => Layers - 1 - n);
        Assert.Equal(pins, slate.Select(placed => placed.Slot).Distinct().Intersect(pinned).Count());
    }

    private static float[] Axis(int axis, int dimensions)
    {
        var vector = new float[dimensions];
        vector[axis] = 1;
        return vector;
    }
}
