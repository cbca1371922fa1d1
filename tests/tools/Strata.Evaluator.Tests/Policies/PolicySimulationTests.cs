using System.Text.Json;
using Strata.Evaluator.Policies;

namespace Strata.Evaluator.Tests.Policies;

/// <summary>
/// The simulation is a port: reference-world.json is the world of seed 0 as the reference script draws it, with the shares of the oracle
/// that the script finds in it. Only chance is the port's own, and 800,000 draws leave it little room.
/// </summary>
[Trait("height", "harness")]
public sealed class PolicySimulationTests
{
    private static readonly Lazy<(PolicyWorld World, Dictionary<string, double[]> Shares)> Reference = new(Read);

    [Theory]
    [InlineData("uniform")]
    [InlineData("softmax")]
    [InlineData("square-cb")]
    public void Run_WorldOfTheReference_FindsItsFigures(string name)
    {
        var (world, shares) = Reference.Value;
        var policy = PolicySimulation.All(world.Users, world.Layers).Single(policy => policy.Name == name);

        var line = new PolicySimulation(new NoProgress()).Run(policy, world, seed: 5);

        Assert.Equal(shares[name][0], line.OfOracle, .01);
        Assert.Equal(shares[name][1], line.BeforeChange, .02);
        Assert.Equal(shares[name][2], line.AtTheEnd, .02);
    }

    [Fact]
    public void Run_ThreeUnseenSeeds_StrataHasSixtyFiveOfAHundredAndTheRestLess()
    {
        int[] seeds = [11, 12, 13];
        var lines = seeds.SelectMany(seed =>
        {
            var world = PolicyWorld.Of(seed, PolicySimulation.Users, PolicySimulation.Layers);
            return PolicySimulation.All(world.Users, world.Layers)
                .Where(policy => policy.Name is not "softmax")
                .Select(policy => new PolicySimulation(new NoProgress()).Run(policy, world, seed));
        });

        var shares = lines.GroupBy(line => line.Policy).ToDictionary(line => line.Key, line => line.Average(run => run.OfOracle));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", shares.Select(share => $"{share.Key} {share.Value:f3}")));
        Assert.True(shares["strata"] >= .70, $"strata {shares["strata"]:f3}");
        Assert.All(shares.Where(share => share.Key != "strata"), share => Assert.True(share.Value < shares["strata"] - .05, share.Key));
    }

    private static (PolicyWorld World, Dictionary<string, double[]> Shares) Read()
    {
        using var stream = typeof(PolicySimulationTests).Assembly.GetManifestResourceStream("reference-world.json")!;
        var root = JsonDocument.Parse(stream).RootElement;
        double[] appeal = [.. root.GetProperty("appeal").EnumerateArray().Select(value => value.GetDouble())];
        var world = new PolicyWorld(appeal, Tastes("tastes"), Tastes("laterTastes"));
        return (world, root.GetProperty("shares").Deserialize<Dictionary<string, double[]>>()!);

        int[][] Tastes(string name)
            => [.. root.GetProperty(name).GetBytesFromBase64().Chunk(3).Select(liked => liked.Select(layer => (int)layer).ToArray())];
    }
}
