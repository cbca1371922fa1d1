using Strata.Benchmarks.Answers;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Users.Core;

namespace Strata.Benchmarks.Requests;

/// <summary>
/// A catalogue as Ranking holds it and users as the store gives them: vectors as an encoder's, popularity by Zipf's law, a tenth of the
/// items with full lists of neighbours, users with thirty items of three layers. All from one seed.
/// </summary>
internal sealed class SyntheticShop
{
    /// <summary>Time of all requests, Unix milliseconds.</summary>
    public const long NowMs = 1_700_000_000_000;

    private const int Layers = 256;
    private const int Chunk = 10_000;
    private const int Neighbours = 50;
    private const int History = 30;
    private const int Tastes = 3;
    private const long MinuteMs = 60_000;
    private const string Encoder = "synthetic";

    private readonly int _items;
    private readonly int[][] _members;
    private readonly Random _random = new(1);

    /// <param name="items">Items.</param>
    /// <param name="options">How the catalogue is held.</param>
    public SyntheticShop(int items, IndexOptions options)
    {
        _items = items;
        Catalogue = new Catalogue(options);
        var synthetic = new SyntheticCatalogue(1);
        for (var from = 0; from < items; from += Chunk)
        {
            var vectors = synthetic.Items(from, Math.Min(Chunk, items - from));
            for (var i = 0; i < vectors.Length; i++)
            {
                Catalogue.Put(FeaturesOf(from + i, vectors[i]));
            }
        }

        Catalogue.Put(LayersOf(synthetic));
        for (var item = 0; item < items; item++)
        {
            Catalogue.Put(ActivityOf(item));
        }

        Catalogue.Publish();
        Catalogue.Complete();
        _members = [.. Enumerable.Range(0, items).GroupBy(Catalogue.Current.Assignment.SlotOf)
            .OrderBy(layer => layer.Key).Select(layer => layer.ToArray())];
    }

    /// <summary>The catalogue, published.</summary>
    public Catalogue Catalogue { get; }

    /// <summary>A user with a history.</summary>
    public UserState User()
    {
        var profile = new Profile { LastEventUnixMs = NowMs - MinuteMs, Events = History };
        var layers = new UserLayers { AsOfUnixMs = NowMs - MinuteMs };
        for (var taste = 0; taste < Tastes; taste++)
        {
            var members = _members[_random.Next(_members.Length)];
            layers.LayerIds.Add(Catalogue.Current.Layers.IdOf(Catalogue.Current.Assignment.SlotOf(members[0])));
            layers.LongWeights.Add(Tastes - taste);
            layers.ShortWeights.Add(Tastes - taste);
            for (var k = 0; k < History / Tastes; k++)
            {
                profile.Items.Add(new ProfileItem
                {
                    ItemId = Id(members[_random.Next(members.Length)]),
                    LastUnixMs = NowMs - ((k + 1) * (taste + 1) * MinuteMs),
                    Kinds = 1u << (int)EventKind.Click,
                    Count = 1,
                });
            }
        }

        return new UserState(profile, layers);
    }

    private static string Id(int item) => $"item-{item}";

    private static ItemFeatures FeaturesOf(int item, Vector vector) => new()
    {
        ItemId = Id(item),
        Title = $"Synthetic thing number {item}",
        Encoder = Encoder,
        Embedding = vector,
        CreatedUnixMs = NowMs - ((item + 1L) * MinuteMs),
        Terms = { new TermWeight { Term = $"term{item % 977}", Weight = 1 }, new TermWeight { Term = "thing", Weight = 0.1f } },
    };

    // Centroids: items drawn at random, less the mean of all.
    private static LayerView LayersOf(SyntheticCatalogue synthetic)
    {
        var mean = synthetic.Plain.Items;
        var marker = new LayerSetMarker { Version = 1, Seeding = 1, Encoder = Encoder };
        marker.Mean.AddRange(mean);
        var layers = new List<Layer>();
        foreach (var vector in synthetic.Items(0, Layers))
        {
            var centroid = new float[mean.Length];
            Int8Codec.Decode(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(vector.Codes.Span), vector.Scale, centroid);
            VectorMath.AddScaled(centroid, mean, -1);
            VectorMath.TryNormalize(centroid);
            var layer = new Layer { LayerId = (uint)layers.Count + 1, Weight = 1 };
            layer.Centroid.AddRange(centroid);
            layer.Words.Add(new TermWeight { Term = $"word{layers.Count}", Weight = 1 });
            layers.Add(layer);
        }

        marker.LayerIds.AddRange(layers.Select(layer => layer.LayerId));
        return new LayerView(marker, [.. layers]);
    }

    private ItemActivity ActivityOf(int item)
    {
        var popularity = 1_000.0 / (1 + item);
        var activity = new ItemActivity
        {
            ItemId = Id(item),
            AsOfUnixMs = NowMs - MinuteMs,
            FirstTouches = popularity,
            TransitionsOut = popularity,
            FirstEventUnixMs = NowMs - ((item + 1L) * MinuteMs),
            LastEventUnixMs = NowMs - MinuteMs,
        };
        activity.Popularity.AddRange(Enumerable.Repeat(popularity, HalfLives.Count));
        for (var k = 0; item % 10 == 0 && k < Neighbours; k++)
        {
            activity.CoVisits.Add(new ItemActivity.Types.Neighbour { ItemId = Id(_random.Next(_items)), Weight = Neighbours - k });
            activity.Transitions.Add(new ItemActivity.Types.Neighbour { ItemId = Id(_random.Next(_items)), Weight = Neighbours - k });
        }

        return activity;
    }
}
