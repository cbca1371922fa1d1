using CsCheck;
using Strata.Clustering.Assignment;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Numerics;
using Strata.ServiceDefaults.State;

namespace Strata.Clustering.Tests.Interests;

[Trait("height", "unit")]
public sealed class InterestTests
{
    private const long Day = 86_400_000;
    private const long Start = 1_700_000_000_000;

    private static readonly InterestsOptions Options = new();
    private static readonly LayerSet Set = Seed(40);

    private static readonly Gen<(int First, float Cosine, float Weight, long Time)[]> Streams =
        Gen.Select(Gen.Int[0, 37], Gen.Float[-1, 1], Gen.Float[-5, 5], Gen.Long[0, 200 * Day]).Array[0, 120];

    [Fact]
    public void Add_AnyStream_StaysSmallAndSorted() => Streams.Sample(stream =>
    {
        var user = UserWeights.Empty;
        foreach (var (first, cosine, weight, time) in stream)
        {
            var set = Set with { Version = ulong.MaxValue };
            user = Interest.Add(user, set, Near(first, cosine), weight, time * 1_000_000, Options, $"{time}");

            Assert.True(user.Entries.Count <= UserWeights.Limit);
            Assert.All(
                user.Entries,
                entry => Assert.True(float.IsFinite(entry.LongTerm) && float.IsFinite(entry.ShortTerm)));
            Assert.Equal(user.Entries.OrderByDescending(entry => entry.LongTerm).ThenBy(entry => entry.LayerId), user.Entries);
            Assert.Equal(user.Entries.Count, user.Entries.DistinctBy(entry => entry.LayerId).Count());
        }

        // The largest ids and times there are.
        var worst = user with
        {
            Entries = [.. user.Entries.Select(entry => entry with { LayerId = entry.LayerId + 0xFFFFFF00, Touched = default })],
            AsOfUnixMs = -1,
        };
        Assert.True(FencedValue.Encode([new Fence(1, 2)], UserWeightsCodec.Encode(worst)).Length <= 256);
    });

    [Fact]
    public void Encode_Decode_GivesTheSameWeightsAndBytes() => Streams.Sample(stream =>
    {
        var user = stream.Aggregate(
            UserWeights.Empty,
            (known, point) => Interest.Add(
                known, Set, Near(point.First, point.Cosine), point.Weight, Start + point.Time, Options, $"{point.Time}"));

        var bytes = UserWeightsCodec.Encode(user);
        var decoded = UserWeightsCodec.Decode(bytes);

        Assert.Equal(user.Entries, decoded.Entries);
        Assert.Equal((user.AsOfUnixMs, user.Version), (decoded.AsOfUnixMs, decoded.Version));
        Assert.Equal(bytes, UserWeightsCodec.Encode(decoded));
    });

    [Fact]
    public void Add_OnePoint_DividesItsWeightBySoftmax()
    {
        var user = Interest.Add(UserWeights.Empty, Set, new Nearest(4, .9f, 7, .8f, 2, .7f), 3, Start, Options);

        var total = 1 + Math.Exp(-1) + Math.Exp(-2);
        Assert.Equal([5u, 8u, 3u], user.Entries.Select(entry => entry.LayerId));
        Assert.Equal(3 / total, user.Entries[0].LongTerm, 1e-5);
        Assert.Equal(3 * Math.Exp(-1) / total, user.Entries[1].LongTerm, 1e-5);
        Assert.Equal(3, user.Entries.Sum(entry => entry.ShortTerm), 1e-5);
    }

    [Fact]
    public void Add_AfterTheHalfLives_HalvesEachHorizonByItsOwn()
    {
        var user = Interest.Add(UserWeights.Empty, Set, One(4), 1, Start, Options);

        user = Interest.Add(user, Set, One(9), 1, Start + (3_600_000 * 2), Options);
        Assert.Equal(.25, user.Entries.Single(entry => entry.LayerId == 5).ShortTerm, 1e-6);

        user = Interest.Add(user, Set, One(9), 1, Start + (30 * Day), Options);
        Assert.Equal(.5, user.Entries.Single(entry => entry.LayerId == 5).LongTerm, 1e-6);
        Assert.Equal(0, user.Entries.Single(entry => entry.LayerId == 5).ShortTerm);
    }

    [Fact]
    public void Add_LateEvent_WeighsWhatItWouldHaveWeighedInTime()
    {
        var inTime = Interest.Add(
            Interest.Add(UserWeights.Empty, Set, One(1), 2, Start, Options), Set, One(2), 1, Start + (10 * Day), Options);
        var late = Interest.Add(
            Interest.Add(UserWeights.Empty, Set, One(2), 1, Start + (10 * Day), Options), Set, One(1), 2, Start, Options);

        Assert.Equal(inTime.AsOfUnixMs, late.AsOfUnixMs);
        Assert.All(inTime.Entries.Zip(late.Entries), pair => Assert.Equal(pair.First.LongTerm, pair.Second.LongTerm, 1e-5));
    }

    [Fact]
    public void Add_Dismissal_LowersWheneverItComes()
    {
        var user = Interest.Add(UserWeights.Empty, Set, One(4), 1.5f, Start, Options);

        user = Interest.Add(user, Set, One(4), -1, Start, Options);
        Assert.Equal(.5, user.Entries.Single().LongTerm, 1e-6);

        user = Interest.Add(user, Set, One(4), -1, Start, Options);
        Assert.Equal(-.5, user.Entries.Single().LongTerm, 1e-6);

        user = Interest.Add(user, Set, One(4), .5f, Start, Options);
        Assert.Empty(user.Entries);
    }

    [Fact]
    public void Inherit_LayersThatAreGone_LeaveTheirWeightsToTheirHeirs()
    {
        var user = Interest.Add(Interest.Add(UserWeights.Empty, Set, One(4), 4, Start, Options), Set, One(9), 1, Start, Options);
        var set = Set with
        {
            Version = Set.Version + 1,
            Layers = Set.Layers.RemoveAt(4).Add(Set.Layers[4] with { Id = 100 }),
            Lineage = Lineage.Empty.With(5, (100u, .75f), (10u, .25f)),
        };

        var moved = Interest.Inherit(user, set, None);

        Assert.Equal([(100u, 3f), (10u, 2f)], moved.Entries.Select(entry => (entry.LayerId, entry.LongTerm)));
        Assert.Same(user, Interest.Inherit(user, Set, None));
    }

    [Theory]
    [InlineData("liked", 20u, 4)]
    [InlineData("deleted", 10u, 3.6)]
    public void Inherit_ALayerThatWasSplit_GoesWhereWhatWasTouchedLies(string itemId, uint heir, double weight)
    {
        float[][] rows = [.. Enumerable.Range(0, Set.Count).Where(i => i != 4).Select(i => Set.Centroid(i).ToArray())];
        var set = Set with
        {
            Version = Set.Version + 1,
            Layers = Set.Layers.RemoveAt(4),
            Centroids = rows.SelectMany(row => row).ToArray(),
            Lineage = Lineage.Empty.With(5, (10u, .9f), (20u, .1f)),
        };
        float[] raw = [.. set.Centroid(set.IndexOf(20)).ToArray().Zip(set.Mean.ToArray(), (x, mean) => x + mean)];
        var user = Interest.Add(UserWeights.Empty, Set, One(4), 4, Start, Options, itemId);

        var moved = Interest.Inherit(user, set, id => id == "liked" ? Int8Vector.Encode(raw) : null);

        Assert.Equal((heir, weight), (moved.Entries[0].LayerId, Math.Round(moved.Entries[0].LongTerm, 3)));
        Assert.Equal(itemId == "liked" ? itemId : null, moved.Entries[0].Touched.First);
    }

    [Fact]
    public void Inherit_ByASetThatIsBehind_KeepsWhatItDoesNotKnowYet()
    {
        var newer = Set with { Version = 9, NextLayerId = 101, Layers = Set.Layers.Add(Set.Layers[4] with { Id = 100 }) };
        var user = Interest.Add(UserWeights.Empty, newer, One(newer.Count - 1), 4, Start, Options);

        // One process wrote by version 9; after a rebalance another one, still at version 7 and then at 8, takes over.
        var older = Set with { Version = 7 };
        var behind = Interest.Add(Interest.Inherit(user, older, None), older, One(4), 1, Start, Options);
        var moved = Interest.Inherit(behind, Set with { Version = 8 }, None);

        Assert.Equal([(100u, 4f), (5u, 1f)], moved.Entries.Select(entry => (entry.LayerId, entry.LongTerm)));
    }

    [Fact]
    public void Inherit_ALayerNobodyRemembers_IsDropped()
    {
        var user = Interest.Add(UserWeights.Empty, Set, One(4), 4, Start, Options);

        Assert.Empty(Interest.Inherit(user, Set with { Version = Set.Version + 1, Layers = Set.Layers.RemoveAt(4) }, None).Entries);
    }

    private static Int8Vector? None(string itemId) => null;

    private static Nearest One(int index) => new(index, 1, -1, 0, -1, 0);

    private static Nearest Near(int first, float cosine) => new(first, cosine, first + 1, cosine - .05f, first + 2, cosine - .3f);

    private static LayerSet Seed(int layers)
    {
        var world = new TopicWorld(layers, 16, .3, 1);
        return LayerSeeding.Seed([.. world.Take(400).Select(p => p.Vector)], "test", new LayersOptions { Layers = layers }, null);
    }
}
