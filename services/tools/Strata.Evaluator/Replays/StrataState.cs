using Strata.Clustering.Interests.Core;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Evaluator.Streams;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Profiles.Core;
using Strata.Numerics;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Lookups;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Evaluator.Replays;

/// <summary>
/// The state of all services after so many events: their pure steps wired without broker or store. An event's offset is its index in the
/// stream; the catalogue's index of an item is the stream's, because items are put in the stream's order.
/// </summary>
internal sealed class StrataState
{
    private const ulong Log = 1;

    private readonly ReplayStream _stream;
    private readonly StrataSetup _setup;
    private readonly ItemFeatures[] _features;
    private readonly QueryFeatures _queries;
    private readonly QueryPoints _points;
    private readonly Catalogue _catalogue;
    private readonly Recommender _recommender;
    private readonly ProfileStep _profileStep;
    private readonly UserInfluence _influence;
    private readonly ActivityAccumulator _accumulator;
    private readonly ActivityState _activity;
    private readonly LayerFollower _layers;
    private readonly Profile?[] _profiles;
    private readonly List<string>?[] _owned;
    private int _put;
    private bool _unpublished;

    public StrataState(ReplayStream stream, StrataSetup setup, ItemFeatures[] features, QueryFeatures queries)
    {
        (_stream, _setup, _features, _queries) = (stream, setup, features, queries);
        _points = new QueryPoints(queries, setup.Answers);
        _catalogue = new Catalogue(setup.Index);
        _recommender = new Recommender(_catalogue, new CurrentPolicy(), setup.Candidates, setup.Index);
        _profileStep = new ProfileStep(setup.Profiles);
        _influence = new UserInfluence(setup.Profiles);
        _accumulator = new ActivityAccumulator(setup.Activity, 0, Log, 0, 1);
        _activity = new ActivityState(setup.Activity, 0);
        _layers = new LayerFollower(setup, features.Length > 0 ? features[0].Encoder : "", stream.Users.Length, Show);
        _profiles = new Profile?[stream.Users.Length];
        _owned = new List<string>?[stream.Users.Length];
    }

    /// <summary>The catalogue as requests see it.</summary>
    public CatalogueView View => _catalogue.Current;

    /// <summary>Mean bytes of what rests of a user: profile and weights on layers.</summary>
    public double BytesPerUser
        => Mean(_profiles.Select(
            (profile, user) => profile is null
                ? 0
                : profile.CalculateSize() + UserWeightsCodec.Encode(_layers.WeightsOf(user)).Length));

    /// <summary>Mean bytes of what is published of an item: features and activity.</summary>
    public double BytesPerItem
        => Mean(_features.Take(_put).Select(item => item.CalculateSize() + (_activity.Find(item.ItemId)?.CalculateSize() ?? 0)));

    /// <summary>Puts the items that have come to be by <paramref name="timeMs"/>.</summary>
    public void Advance(long timeMs)
    {
        var alive = _stream.AliveAt(timeMs);
        while (_put < alive)
        {
            var features = _features[_put++];
            if (_setup.Text && features.Embedding is { } vector)
            {
                _layers.Put(features.ItemId, new Int8Vector(vector.Codes.Memory, vector.Scale));
                _points.Put(features.ItemId, vector);
            }
            else
            {
                features = features.Clone();
                features.Embedding = null;
            }

            _catalogue.Put(features);
            _unpublished = true;
            if (_put == alive || _stream.CreatedMs[_put] > 0)
            {
                _layers.SeedIfDue();
            }
        }
    }

    /// <summary>Candidates of the user of an event, from the state as it is.</summary>
    /// <param name="index">The event.</param>
    /// <param name="terms">What the request allows.</param>
    /// <param name="asked">A query that the user is taken to have typed besides; the newest of theirs. Null: none.</param>
    /// <param name="policy">The policy in force; null: nothing learned, which is the same where users have no attributes.</param>
    public RankingRequest Propose(int index, RequestConstraints terms, ProfileQuery? asked = null, RankingPolicy? policy = null)
    {
        Publish();
        var user = _stream.User[index];
        var profile = _profiles[user]?.Clone();
        if (asked is not null)
        {
            profile ??= new Profile();
            profile.Queries.Insert(0, asked);
            profile.LastEventUnixMs = Math.Max(profile.LastEventUnixMs, asked.TimeUnixMs);
        }

        // The profile remembers 64 items. What the user had before those is kept off as a client would: by naming it.
        var exclude = !terms.AllowRepeats && _owned[user] is { } owned && owned.Count > profile!.Items.Count ? owned : null;
        return _recommender.Propose(
            new RankingMoment(View, policy ?? RankingPolicy.Shipped),
            new UserState(profile, _setup.Serves ? LayersOf(user) : null),
            terms with { Exclude = exclude },
            _stream.Time[index]);
    }

    /// <summary>Items like one, best first, as Similar serves them to nobody: popular ones follow where too few are alike.</summary>
    public IReadOnlyList<int> Similar(int item, Likeness by, int count, long timeMs)
    {
        Publish();
        string[] asked = [_stream.Items[item].ItemId];
        var moment = new RankingMoment(View, RankingPolicy.Shipped);
        using var own = _recommender.Admit(moment, UserState.Unknown, new RequestConstraints(false, asked, timeMs), timeMs);
        using var given = _recommender.Resolve(
            moment, SessionState.With(UserState.Unknown, asked, query: null, timeMs), RequestConstraints.Usual, timeMs);
        return [.. new SimilarItems(given, own, by, new LayerInterest(null)).Find(count).Found.Select(found => found.Item)];
    }

    /// <summary>Shows what was put and taken in.</summary>
    public void Publish()
    {
        if (_unpublished)
        {
            _catalogue.Publish();
            _unpublished = false;
        }
    }

    /// <summary>A user's attributes become known.</summary>
    public void Describe(int user, UserAttributes attributes) => _profileStep.SetAttributes(_profiles[user] ??= new Profile(), attributes);

    /// <summary>When a user did something last, Unix milliseconds; 0: never.</summary>
    public long LastEventMs(int user) => _profiles[user]?.LastEventUnixMs ?? 0;

    /// <summary>Takes an event in.</summary>
    public void Absorb(int index)
    {
        var (user, item, kind, time) = (_stream.User[index], _stream.Item[index], _stream.Kind[index], _stream.Time[index]);
        if (kind == EventKind.Search && !_setup.Searches)
        {
            return;
        }

        var profile = _profiles[user] ??= new Profile();
        var query = kind == EventKind.Search ? _stream.Queries[index] : "";
        var id = item < 0 ? "" : _stream.Items[item].ItemId;
        var terms = item < 0 ? _queries.Terms[query] : _features[item].Terms;
        var vector = !_setup.Text ? null : item < 0 ? _queries.Centred(query) : _features[item].Embedding;
        var act = new ProfileAct(index, Spread(index), kind, time, id, query, terms, vector);
        if (act.Touches)
        {
            _accumulator.Add(index, time, id, profile.Items);
        }

        if (item >= 0 && _stream.First[index])
        {
            (_owned[user] ??= []).Add(id);
        }

        var weight = _setup.Profiles.Weights.Of(kind);
        var answer = vector is null || weight == 0 || item >= 0 ? null : _points.Of(query);
        var point = weight == 0 ? null : item >= 0 ? vector : answer?.Point;
        var userOnly = point is not null && _influence.IsUserOnly(profile, _stream.Users[user], act);
        _profileStep.Apply(profile, act);
        if (_setup.Behaviour)
        {
            _activity.Apply(_accumulator.Cut(index + 1)[0]);
            foreach (var changed in _activity.TakeChanged())
            {
                _catalogue.Put(changed);
                _unpublished = true;
            }
        }

        if (point is not null)
        {
            var subject = item < 0 ? answer!.ItemId : id;
            _layers.Add(user, index, time, weight, new Int8Vector(point.Codes.Memory, point.Scale), userOnly, subject);
        }
    }

    /// <summary>A user's weights as they rest in the store; only the placing of a slate looks at them.</summary>
    public UserLayers? LayersOf(int user)
        => _layers.WeightsOf(user) is { Entries.Count: > 0 } weights ? UserLayers.Parser.ParseFrom(UserWeightsCodec.Encode(weights)) : null;

    private void Show(LayerView layers)
    {
        _catalogue.Put(layers);
        _unpublished = true;
    }

    // Stands for the hash of an event's id: every event has one of its own, so none is a duplicate.
    private static ulong Spread(int index) => (ulong)(index + 1) * 0x9E3779B97F4A7C15;

    private static double Mean(IEnumerable<int> sizes)
    {
        var (sum, n) = (0L, 0);
        foreach (var size in sizes.Where(size => size > 0))
        {
            sum += size;
            n++;
        }

        return n == 0 ? 0 : (double)sum / n;
    }
}
