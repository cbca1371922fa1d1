using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Candidates;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests;

/// <summary>A catalogue of a few items with vectors of a few dimensions, made by hand.</summary>
internal sealed class World
{
    public const long NowMs = 1_700_000_000_000;
    public const long HourMs = 3_600_000;
    public const long DayMs = 24 * HourMs;

    public World(IndexOptions? index = null, CandidateOptions? candidates = null, ScoringOptions? scoring = null)
    {
        var options = index ?? new IndexOptions();
        Catalogue = new Catalogue(options);
        Recommender = new Recommender(Catalogue, Policies, candidates ?? new CandidateOptions(), options, scoring);
    }

    public Catalogue Catalogue { get; }

    public CurrentPolicy Policies { get; } = new();

    public Recommender Recommender { get; }

    public CatalogueView View => Catalogue.Current;

    public static Vector Encode(params float[] components)
    {
        var (codes, scale) = Int8Codec.Encode(components);
        return new Vector { Codes = ByteString.CopyFrom(MemoryMarshal.AsBytes(codes.AsSpan())), Scale = scale };
    }

    public static ItemActivity Activity(
        string id, double popularity = 0, double firstTouches = 0, double transitionsOut = 0, long asOfMs = NowMs)
    {
        var activity = new ItemActivity
        {
            ItemId = id,
            AsOfUnixMs = asOfMs,
            FirstTouches = firstTouches,
            TransitionsOut = transitionsOut,
            FirstEventUnixMs = popularity > 0 ? asOfMs - HourMs : 0,
            LastEventUnixMs = popularity > 0 ? asOfMs : 0,
        };
        activity.Popularity.AddRange(Enumerable.Repeat(popularity, HalfLives.Count));
        return activity;
    }

    public static ItemActivity.Types.Neighbour Neighbour(string id, float weight) => new() { ItemId = id, Weight = weight };

    /// <summary>Slates in the order of the scores, but for what is named.</summary>
    public static SlateOptions Slates(double diversity = 0, double boost = 0, double calibration = 0)
        => new() { Diversity = diversity, Boost = boost, Calibration = calibration };

    /// <summary>A profile of items, newest first, one hour apart, the first an hour ago.</summary>
    public static Profile Profile(params string[] items)
    {
        var profile = new Profile { LastEventUnixMs = items.Length > 0 ? NowMs - HourMs : 0 };
        for (var k = 0; k < items.Length; k++)
        {
            profile.Items.Add(new ProfileItem { ItemId = items[k], LastUnixMs = NowMs - ((k + 1) * HourMs), Kinds = 1 << 2, Count = 1 });
        }

        return profile;
    }

    /// <summary>Items that a user was shown at the head of so many slates and did not choose, the last of them an hour ago.</summary>
    public static UserPolicy PassedOver(params (string Item, float Count)[] items)
    {
        var policy = new UserPolicy { PassedOverHalfLifeS = 7 * 24 * 3600 };
        policy.PassedOver.AddRange(items.Select(item => new PassedOver
        {
            ItemId = item.Item,
            Count = item.Count,
            Slates = (uint)Math.Ceiling(item.Count),
            LastUnixMs = NowMs - HourMs,
        }));
        return policy;
    }

    public static LayerView LayerSet(ulong version, float[] mean, params (uint Id, float[] Centroid, double Weight)[] layers)
    {
        var marker = new LayerSetMarker { Version = version, Seeding = 1 };
        marker.Mean.AddRange(mean);
        marker.LayerIds.AddRange(layers.Select(layer => layer.Id));
        return new LayerView(marker, [.. layers.Select(layer => Layer(layer.Id, layer.Centroid, layer.Weight))]);
    }

    /// <summary>Segments in the space of the layers; their weights are shares of the users.</summary>
    public static SegmentView Segments(int users, params (uint Id, float[] Centroid, double Weight)[] segments)
    {
        var sketch = new byte[DistinctCount.Registers];
        for (var user = 0; user < users; user++)
        {
            DistinctCount.Add(sketch, System.IO.Hashing.XxHash3.HashToUInt64(BitConverter.GetBytes(user)));
        }

        var set = new SegmentSet { Set = new LayerSetMarker { Version = 3, Seeding = 1 }, Users = ByteString.CopyFrom(sketch) };
        set.Set.LayerIds.AddRange(segments.Select(segment => segment.Id));
        set.Segments.AddRange(segments.Select(segment => Layer(segment.Id, segment.Centroid, segment.Weight)));
        return new SegmentView(set);
    }

    public static Layer Layer(uint id, float[] centroid, double weight = 1)
    {
        var layer = new Layer { LayerId = id, Weight = weight };
        layer.Centroid.AddRange(centroid);
        layer.Words.Add(new TermWeight { Term = $"word{id}", Weight = 1 });
        return layer;
    }

    public World With(SegmentView segments)
    {
        Catalogue.Put(segments);
        return this;
    }

    public World Item(string id, float[]? vector = null, long createdMs = 0, string? title = null, params string[] terms)
    {
        var features = new ItemFeatures { ItemId = id, Title = title ?? $"Title {id}", CreatedUnixMs = createdMs, Encoder = "test" };
        features.Embedding = vector is null ? null : Encode(vector);
        features.Terms.AddRange(terms.Select(term => new TermWeight { Term = term, Weight = 0.1f }));
        Catalogue.Put(features);
        return this;
    }

    /// <summary>An item of a group of variants.</summary>
    public World Variant(string id, string group, float[] vector)
    {
        Catalogue.Put(
            new ItemFeatures { ItemId = id, Title = $"Title of {id}", Encoder = "test", Group = group, Embedding = Encode(vector) });
        return this;
    }

    public World With(ItemActivity activity)
    {
        Catalogue.Put(activity);
        return this;
    }

    public World With(LayerView layers)
    {
        Catalogue.Put(layers);
        return this;
    }

    public World Published()
    {
        Catalogue.Publish();
        return this;
    }

    public RankingRequest Rank(
        Profile? profile, RequestConstraints? constraints = null, long nowMs = NowMs, UserPolicy? outcomes = null)
        => Recommender.Rank(
            Recommender.Now, new UserState(profile, null, outcomes), constraints ?? RequestConstraints.Usual, nowMs);

    /// <summary>Ids of a source's list, best first.</summary>
    public static string[] Ids(RankingRequest request, int source)
        => [.. request.ListOf(source).Items.ToArray().Select(item => request.View.Items.Ids[item])];

    public double Feature(RankingRequest request, string id, int feature)
        => request.FeaturesOf(request.CandidateOf(View.IndexOf(id)))[feature];
}
