using Strata.Contracts.Ranking.V1;
using Strata.Numerics;
using Strata.Ranking.Tests.Serving;

namespace Strata.Ranking.Tests.Index;

/// <summary>Two processes at the same versions agree, whatever each of them has seen before.</summary>
[Trait("height", "harness")]
public sealed class ReplicasTests
{
    private const int Items = 400;
    private const int Layers = 12;
    private const int Versions = 300;

    [Fact]
    public async Task Slates_AfterManySmallDriftsOrAtOnce_AreTheSame()
    {
        var random = new Random(3);
        var vectors = Enumerable.Range(0, Items).Select(_ => Unit(random)).ToArray();
        var layers = Enumerable.Range(1, Layers).Select(id => ((uint)id, Unit(random), 1.0)).ToArray();
        var running = Filled(vectors).With(World.LayerSet(1, [], layers)).Published();
        var (moved, before) = (0, running.View);
        for (var version = 2ul; version <= Versions; version++)
        {
            // Each step is smaller than any that could be told from standing still; together they go far. One layer stands still.
            for (var i = 1; i < Layers; i++)
            {
                layers[i].Item2 = Nudged(layers[i].Item2, random);
            }

            running.With(World.LayerSet(version, [], layers)).Published();
        }

        var started = Filled(vectors).With(World.LayerSet(Versions, [], layers)).Published();
        for (var item = 0; item < Items; item++)
        {
            Assert.Equal(started.View.Assignment.SlotOf(item), running.View.Assignment.SlotOf(item));
            moved += before.Assignment.SlotOf(item) == running.View.Assignment.SlotOf(item) ? 0 : 1;
        }

        Assert.InRange(moved, Items / 20, Items);
        using var first = new ServiceWorld(running);
        using var second = new ServiceWorld(started);
        for (var user = 0; user < 50; user++)
        {
            var profile = World.Profile([.. Enumerable.Range(0, 6).Select(_ => $"i{random.Next(Items)}").Distinct()]);
            first.Put($"u{user}", profile);
            second.Put($"u{user}", profile);
            Assert.Equal(await SlateAsync(first, $"u{user}"), await SlateAsync(second, $"u{user}"));
        }
    }

    private static async Task<string> SlateAsync(ServiceWorld services, string user)
    {
        var response = await services.Recommend(new RecommendRequest { UserId = user, Count = 20, DryRun = true });
        response.RequestId = "";
        return response.ToString();
    }

    private static World Filled(float[][] vectors)
    {
        var world = new World();
        for (var i = 0; i < vectors.Length; i++)
        {
            world.Item($"i{i}", vectors[i]).With(World.Activity($"i{i}", popularity: 1 + (i % 7)));
        }

        return world;
    }

    private static float[] Unit(Random random) => Normalised([.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - .5f)]);

    private static float[] Nudged(float[] vector, Random random)
        => Normalised([.. vector.Select(component => component + ((random.NextSingle() - .5f) * .006f))]);

    private static float[] Normalised(float[] vector)
    {
        Assert.True(VectorMath.TryNormalize(vector));
        return vector;
    }
}
