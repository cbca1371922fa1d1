using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Streams;
using Strata.Local.Sample;
using Strata.Local.Traffic;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Learning.Core;
using Strata.Optimizer.Outcomes.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.RankingModel;

namespace Strata.Benchmarks.Exploration;

/// <summary>
/// The simulated shoppers in a closed loop with the pure steps of all services: what they do by themselves is the same for every arm; what
/// they open in the slates of an arm enters that arm's profiles, layers, activity and policy. Deterministic for a seed.
/// </summary>
internal sealed class ExploringShop
{
    private const int SlateEvery = 8;
    private const int Places = 10;

    private const double LittleKnown = 3;

    // Most events that a place of a slate leads to: click, like, cart, purchase.
    private const int ActsPerPlace = 4;

    private readonly SampleCatalogue _catalogue;
    private readonly ShopperSimulator _simulator;
    private readonly IReadOnlyList<SimulatedEvent> _organic;
    private readonly Arm _arm;
    private readonly ReplayStream _stream;
    private readonly StrataSetup _setup;
    private readonly StrataState _state;
    private readonly PolicyLearner _learner;
    private readonly OutcomesOptions _outcomes = new();
    private readonly Random _random;
    private readonly UserPolicy[] _counts;
    private readonly Dictionary<string, int> _users;
    private readonly Dictionary<string, int> _items;
    private readonly HashSet<(int User, string Topic)> _touched = [];
    private readonly List<(int Clicks, int Discoveries, int Tried, double Expected, double Ideal, int Layers)> _slates = [];

    /// <summary>Opens a shop.</summary>
    /// <param name="catalogue">What it has.</param>
    /// <param name="options">Who comes, and the seed.</param>
    /// <param name="items">The catalogue as the stream has it.</param>
    /// <param name="features">Features of the items.</param>
    /// <param name="queries">What is known of the shoppers' queries.</param>
    /// <param name="arm">How it explores.</param>
    public ExploringShop(
        SampleCatalogue catalogue,
        SimulationOptions options,
        Contracts.Catalog.V1.Item[] items,
        ItemFeatures[] features,
        QueryFeatures queries,
        Arm arm)
    {
        (_catalogue, _arm) = (catalogue, arm);
        _setup = new StrataSetup { Slates = arm.Slates ?? new SlateOptions() };
        _simulator = new ShopperSimulator(catalogue, options);
        _organic = [.. _simulator.Organic()];
        string[] users = [.. _simulator.UserIds];
        _users = Enumerable.Range(0, users.Length).ToDictionary(user => users[user], StringComparer.Ordinal);
        _items = Enumerable.Range(0, items.Length).ToDictionary(item => items[item].ItemId, StringComparer.Ordinal);
        _stream = ReplayStream.Open(items, users, _organic.Count + (_organic.Count / SlateEvery * Places * ActsPerPlace));
        _state = new StrataState(_stream, _setup, features, queries);
        _learner = new PolicyLearner(_setup.Learning);
        _counts = [.. users.Select(_ => new UserPolicy())];
        _random = new Random(options.Seed);
    }

    /// <summary>Lets all shoppers in.</summary>
    public ArmOutcome Run(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _organic.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var index = Take(_organic[i]);
            if (i % SlateEvery == SlateEvery - 1)
            {
                Show(index, i);
            }
        }

        var late = _slates.Skip(_slates.Count / 2).ToList();
        return new ArmOutcome(
            100 * _slates.Average(slate => slate.Clicks),
            100 * late.Average(slate => slate.Clicks),
            100 * _slates.Average(slate => slate.Discoveries),
            100 * _slates.Average(slate => slate.Tried),
            _slates.Sum(slate => slate.Expected) / _slates.Sum(slate => slate.Ideal),
            _slates.Average(slate => slate.Layers));
    }

    // As the evaluator takes an event: rank and learn first where it is a choice, then absorb it.
    private int Take(SimulatedEvent act)
    {
        var (user, item) = (_users[act.UserId], act.ItemId is { } id ? _items[id] : -1);
        var timeMs = Math.Max(act.Time.ToUnixTimeMilliseconds(), _stream.Count > 0 ? _stream.Time[_stream.Count - 1] : 0);
        var index = _stream.Append(timeMs, user, TrafficPublisher.KindOf(act.Action), item, act.Query ?? "");
        _state.Advance(timeMs);
        if (_stream.First[index] && act.RequestId is null && act.Action is not (ShopperAction.Dismiss or ShopperAction.View))
        {
            using var request = _state.Propose(index, RequestConstraints.Usual);
            _learner.Learn(RankingTrials.ExampleOf(request, _stream.Users[_stream.User[index]], item, timeMs));
        }

        _state.Absorb(index);
        if (act is { ItemId: not null, Action: not (ShopperAction.Dismiss or ShopperAction.View) })
        {
            _touched.Add((user, TopicOf(item)));
        }

        return index;
    }

    private void Show(int index, int number)
    {
        var (user, time) = (_stream.User[index], DateTimeOffset.FromUnixTimeMilliseconds(_stream.Time[index]));
        var userId = _stream.Users[user];
        using var request = _state.Propose(index, RequestConstraints.Usual);
        var policy = RankingPolicy.From(_learner.Publish(), _setup.Prior);
        Scorer.Score(request, policy);
        var state = request.User with { Layers = _state.LayersOf(user), Policy = _counts[user] };
        var layers = LayerDistribution.For(request, state, policy, _setup.Slates);
        var exploration = _arm.Slates is null ? 0 : _arm.Exploration;
        var slate = SlateBuilder.Build(request, layers, Places, exploration, _setup.Slates, _random).ToList();
        if (_arm.Slates is null)
        {
            Scatter(request, slate);
        }

        if (slate.Count == 0)
        {
            return;
        }

        string[] ids = [.. slate.Select(placed => _stream.Items[placed.Item].ItemId)];
        var reactions = _simulator.React(userId, $"slate-{number}", ids, time).Where(act => act.Action != ShopperAction.View).ToList();
        var interests = _simulator.TrueInterests(userId, time);
        var clicked = reactions.Where(act => act.Action == ShopperAction.Click).Select(act => act.Position).Distinct().Order().ToList();
        var found = clicked.Select(position => TopicOf(slate[position].Item))
            .Distinct()
            .Count(topic => interests.ContainsKey(topic) && !_touched.Contains((user, topic)));
        _slates.Add((
            clicked.Count,
            found,
            slate.Count(placed => request.FeaturesOf(placed.Candidate)[FeatureSchema.PopularAll] < Math.Log(0.5 + LittleKnown)),
            Expected(ids.Select(id => _simulator.Affinity(userId, id, time))),
            Expected(request.Items.ToArray()
                .Select(item => _simulator.Affinity(userId, _stream.Items[item].ItemId, time))
                .OrderDescending()
                .Take(Places)),
            slate.Select(placed => placed.Slot).Distinct().Count()));
        Learn(request, policy, layers, slate, userId, user, clicked);
        foreach (var act in reactions)
        {
            Take(act);
        }
    }

    // The impression and its outcome, by the same steps as between Ranking and Optimizer.
    private void Learn(
        RankingRequest request,
        RankingPolicy policy,
        LayerDistribution layers,
        List<PlacedItem> slate,
        string userId,
        int user,
        IReadOnlyList<int> clicked)
    {
        var response = new RecommendResponse { RequestId = $"slate-{_slates.Count}" };
        for (var position = 0; position < slate.Count; position++)
        {
            response.Items.Add(Recommendation.Describe(request, policy, layers, slate[position], position));
        }

        var impression = ImpressionRecord.Of(request, policy, layers, response, slate, userId, DateTimeOffset.UnixEpoch);
        if (!OpenImpression.TryMake(impression, userId, _slates.Count, 0, out var open, out var reason))
        {
            throw new InvalidOperationException(reason);
        }

        var resolved = new ResolvedImpression(open, clicked);
        foreach (var example in OutcomeExamples.Of(resolved, _outcomes.MaxWeight))
        {
            _learner.Learn(example);
        }

        UserLayerCounts.Add(_counts[user], OutcomeExamples.Layers(resolved), open.RatesOf, request.NowMs, _outcomes.HalfLife);
    }

    private void Scatter(RankingRequest request, List<PlacedItem> slate)
    {
        for (var place = 0; place < slate.Count; place++)
        {
            if (_random.NextDouble() >= _arm.Exploration)
            {
                continue;
            }

            var candidate = _random.Next(request.Count);
            if (!slate.Exists(placed => placed.Candidate == candidate))
            {
                var item = request.Items[candidate];
                slate[place] = new PlacedItem(
                    candidate, item, request.View.Assignment.SlotOf(item), _arm.Exploration / request.Count, Exploration: true);
            }
        }
    }

    private static double Expected(IEnumerable<double> affinities)
        => affinities.Select((affinity, position) => affinity * ShopperSimulator.Examination(position)).Sum();

    private string TopicOf(int item) => _catalogue.Items[item].Topic;
}
