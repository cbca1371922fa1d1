using System.Text.Json;
using Google.Protobuf;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Scoring;

/// <summary>
/// Five moments of three small random worlds (without and with creation dates, with repeats), as the numba prototype of the algorithm
/// computed them: its state, its candidates with their features, its order of items for each source.
/// </summary>
[Trait("height", "unit")]
public sealed class PrototypeTests
{
    private static readonly Moment[] Moments = Load();

    public static TheoryData<int> All => [.. Enumerable.Range(0, Moments.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Features_OfEveryCandidate_EqualThePrototypes(int index)
    {
        var moment = Moments[index];
        using var request = Replay(moment);

        foreach (var expected in moment.Candidates)
        {
            var candidate = request.CandidateOf(request.View.IndexOf(Id(expected.Item)));
            Assert.True(candidate >= 0, $"item {expected.Item} is no candidate");
            foreach (var (name, value) in expected.Features)
            {
                var feature = FeatureSchema.Names.ToList().IndexOf(name);
                var equals = name == "fresh_rank" && moment.Items.Count(item => item.Created == moment.Items[expected.Item].Created) > 1;
                // Layers weigh newer items more than the prototype did: its own figures don't hold for them.
                if (!equals && name != "layers" && (name != "own_count" || moment.Repeats))
                {
                    var actual = request.FeaturesOf(candidate)[feature];
                    var prototypes = IsAffinity(name) ? Math.Log(Math.Exp(value) - 1e-4 + (0.1 / request.View.Count)) : value;
                    Assert.True(
                        Math.Abs(prototypes - actual) < 2e-3 * Math.Max(1, Math.Abs(prototypes)),
                        $"item {expected.Item}, {name}: {actual}, the prototype has {prototypes}");
                }
            }
        }
    }

    // The prototype had 1e-4 for catalogues of any size.
    private static bool IsAffinity(string name)
        => name is "next_log" or "neighbours_1_log" or "neighbours_3_log" or "neighbours_5_log";

    [Theory]
    [MemberData(nameof(All))]
    public void Candidates_OfTheUnion_AreThePrototypes(int index)
    {
        var moment = Moments[index];
        using var request = Replay(moment);

        var proposed = request.Items.ToArray()
            .Where(item => Enumerable.Range(0, SourceSchema.Count).Any(source => request.ListOf(source).RankOf(item) >= 0));

        Assert.Equal(
            moment.Candidates.Select(candidate => Id(candidate.Item)).Order(),
            proposed.Select(item => request.View.Items.Ids[item]).Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Sources_InOrder_EqualThePrototypes(int index)
    {
        var moment = Moments[index];
        using var request = Replay(moment);

        // Births may be equal, and with repeats an item is nearest to itself: such ties have no order.
        var ordered = moment.Orders
            .Where(order => order.Key is not ("fresh" or "layers") && (order.Key != "nearest" || !moment.Repeats));
        foreach (var (name, items) in ordered)
        {
            Assert.Equal(items.Select(Id), World.Ids(request, SourceSchema.Names.ToList().IndexOf(name)));
        }
    }

    private static RankingRequest Replay(Moment moment)
    {
        var world = new World();
        for (var item = 0; item < moment.Items.Length; item++)
        {
            Put(world, item, moment.Items[item], moment.Now);
        }

        world.With(World.LayerSet(1, [], [.. moment.Centroids.Select((centroid, k) => ((uint)(k + 1), centroid, 1.0))])).Published();
        var profile = new Profile { LastEventUnixMs = Ms(moment.History[0].Last) };
        profile.Items.AddRange(
            moment.History.Select(
                own => new ProfileItem { ItemId = Id(own.Item), LastUnixMs = Ms(own.Last), Count = (float)own.Count, Kinds = 1 << 2 }));
        return world.Rank(profile, new RequestConstraints(AllowRepeats: moment.Repeats), Ms(moment.Now));
    }

    private static void Put(World world, int index, Item item, double now)
    {
        var codes = item.Codes.Select(code => (byte)(sbyte)code).ToArray();
        var embedding = new Vector { Codes = ByteString.CopyFrom(codes), Scale = 0.01f };
        var features = new ItemFeatures { ItemId = Id(index), Title = Id(index), Embedding = embedding };
        features.CreatedUnixMs = item.Created > 0 ? Ms(item.Created) : 0;
        world.Catalogue.Put(features);
        if (item.First < 0)
        {
            return;
        }

        var activity = new ItemActivity
        {
            ItemId = Id(index),
            AsOfUnixMs = Ms(now),
            FirstEventUnixMs = Ms(item.First),
            LastEventUnixMs = Ms(item.Last),
            FirstTouches = item.FirstTouches,
            TransitionsOut = item.TransitionsOut,
        };
        activity.Popularity.AddRange(item.Popularity);
        activity.CoVisits.AddRange(item.CoVisits.Select(pair => World.Neighbour(Id((int)pair[0]), (float)pair[1])));
        activity.Transitions.AddRange(item.Transitions.Select(pair => World.Neighbour(Id((int)pair[0]), (float)pair[1])));
        world.Catalogue.Put(activity);
    }

    private static string Id(int item) => $"i{item}";

    private static long Ms(double seconds) => (long)(seconds * 1000);

    private static Moment[] Load()
    {
        using var stream = typeof(PrototypeTests).Assembly.GetManifestResourceStream("prototype.expected.json")!;
        return JsonSerializer.Deserialize<Moment[]>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Moment(
        double Now,
        bool Repeats,
        Own[] History,
        Item[] Items,
        Candidate[] Candidates,
        Dictionary<string, int[]> Orders,
        float[][] Centroids);

    private sealed record Own(int Item, double Last, double Count);

    private sealed record Candidate(int Item, Dictionary<string, double> Features);

    private sealed record Item(
        int[] Codes,
        double Created,
        double First,
        double Last,
        double[] Popularity,
        [property: System.Text.Json.Serialization.JsonPropertyName("nA")] double FirstTouches,
        [property: System.Text.Json.Serialization.JsonPropertyName("nB")] double TransitionsOut,
        [property: System.Text.Json.Serialization.JsonPropertyName("A")] double[][] CoVisits,
        [property: System.Text.Json.Serialization.JsonPropertyName("B")] double[][] Transitions);
}
