using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Texts;
using Strata.Local.Sample;
using Strata.Optimizer.Learning.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;

namespace Strata.Evaluation;

/// <summary>
/// All services' pure steps over the bundled sample, or a part of it: events are taken in one by one, choices are learned from, and
/// anybody may ask for a slate in between.
/// </summary>
internal sealed class LiveShop
{
    private static readonly SampleCatalogue Sample = SampleCatalogue.Load();

    // As Ranking samples choices when there are many.
    private const int LearnAll = 500;

    /// <summary>The sample's own shoppers.</summary>
    public const int Shoppers = 400;

    private readonly Dictionary<string, int> _items;
    private readonly ReplayStream _stream;
    private readonly StrataSetup _setup;
    private readonly StrataState _state;
    private readonly PolicyLearner _learner;
    private readonly string[] _topics;
    private readonly int _learnEvery;

    // Who touched something: only before does a policy matter to what is proposed.
    private readonly HashSet<int> _come = [];
    private int _choices;
    private long _now = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private LiveShop(
        SampleItem[] items, ItemFeatures[] features, QueryFeatures queries, int users, int capacity, StrataSetup setup, int learnEvery)
    {
        _learnEvery = learnEvery;
        var catalogue = items.Select(MessageOf).ToArray();
        _topics = [.. items.Select(item => item.Topic)];
        _items = items.Select((item, index) => (item.ItemId, index)).ToDictionary(pair => pair.ItemId, pair => pair.index);
        _stream = ReplayStream.Open(catalogue, [.. Enumerable.Range(0, users).Select(user => $"user-{user}")], capacity);
        _setup = setup;
        _state = new StrataState(_stream, setup, features, queries);
        _state.Advance(_now);
        _learner = new PolicyLearner(setup.Learning, setup.Prior);
    }

    /// <summary>Topic of each item.</summary>
    public IReadOnlyList<string> Topics => _topics;

    /// <summary>The sample's queries, one of each topic after the other.</summary>
    public static IReadOnlyList<SampleQuery> PlainQueries(int count)
        => [.. Sample.Queries.GroupBy(query => query.Topic).SelectMany(topic => topic.Select((query, n) => (query, n)))
            .OrderBy(pair => pair.n).Select(pair => pair.query).Take(count)];

    /// <summary>The sample's topics in the order of the catalogue.</summary>
    public static IReadOnlyList<string> AllTopics => Sample.Topics;

    /// <summary>Opens the shop.</summary>
    /// <param name="users">Number of users.</param>
    /// <param name="capacity">Events, at most.</param>
    /// <param name="queries">What will be searched.</param>
    /// <param name="wants">Which items; null: all.</param>
    /// <param name="setup">Settings; null: the defaults.</param>
    /// <param name="learnEvery">Of many choices one in so many is learned from; 1, as where they come slowly: all.</param>
    public static async Task<LiveShop> OpenAsync(
        int users,
        int capacity,
        IEnumerable<string> queries,
        Func<SampleItem, bool>? wants = null,
        StrataSetup? setup = null,
        int learnEvery = 10)
    {
        var cancellation = TestContext.Current.CancellationToken;
        SampleItem[] items = [.. Sample.Items.Where(wants ?? (_ => true))];
        using var texts = new TextFeatures(Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests"));
        var features = await texts.DescribeAsync([.. items.Select(MessageOf)], _ => { }, cancellation);
        var known = await QueryFeatures.DescribeAsync(texts, queries, _ => _ => { }, cancellation);
        return new LiveShop(items, features, known, users, capacity, setup ?? new StrataSetup { Serves = true }, learnEvery);
    }

    /// <summary>An item is touched; a choice is learned from.</summary>
    public void Touch(int user, EventKind kind, int item, TimeSpan? after = null)
    {
        _now += (long)(after ?? TimeSpan.FromSeconds(30)).TotalMilliseconds;
        var index = _stream.Append(_now, user, kind, item, "");
        var chosen = kind is not (EventKind.View or EventKind.Dismiss) && _stream.First[index];
        if (chosen && (_choices++ < LearnAll || _choices % _learnEvery == 0))
        {
            using var request = _state.Propose(index, RequestConstraints.Usual, policy: _come.Contains(user) ? null : PolicyNow());
            _learner.Learn(RankingTrials.ExampleOf(request, _stream.Users[user], item, _now));
        }

        _come.Add(user);
        _state.Absorb(index);
    }

    /// <summary>Somebody searches, and asks for a slate at once.</summary>
    public IReadOnlyList<int> Search(int user, string query, int count = 10)
    {
        Say(user, query);
        return Slate(_stream.Count - 1, count);
    }

    /// <summary>Somebody searches.</summary>
    public void Say(int user, string query)
    {
        _now += 30_000;
        _state.Absorb(_stream.Append(_now, user, EventKind.Search, -1, query));
    }

    /// <summary>What the user of an event sees after it.</summary>
    public IReadOnlyList<int> Slate(int index, int count = 10)
    {
        var policy = PolicyNow();
        using var request = _state.Propose(index, RequestConstraints.Usual, policy: policy);
        Scorer.Score(request, policy);
        var layers = LayerDistribution.For(request, request.User, policy, _setup.Slates);
        return
        [
            .. SlateBuilder.Build(request, layers, count, 0, _setup.Slates, new Random(1))
                .Select(placed => placed.Item),
        ];
    }

    /// <summary>What a user sees first who is new, and of whom these attributes are known; null: nothing is.</summary>
    public IReadOnlyList<int> FirstSlate(int user, ShopperAttributes? attributes)
    {
        _state.Describe(user, MessageOf(attributes));
        return Slate(_stream.Append(_now, user, EventKind.View, 0, ""));
    }

    /// <summary>What the user of the last event sees.</summary>
    public IReadOnlyList<int> SlateNow(int count = 10) => Slate(_stream.Count - 1, count);

    /// <summary>Takes in what the sample's shoppers do, of whom attributes are known or not.</summary>
    public void Replay(int events, bool attributes = false)
    {
        var users = new Dictionary<string, int>(StringComparer.Ordinal);
        var simulator = new ShopperSimulator(Sample, new SimulationOptions { Events = events });
        foreach (var act in simulator.Organic())
        {
            if (!users.TryGetValue(act.UserId, out var user))
            {
                users[act.UserId] = user = users.Count;
                _state.Describe(user, MessageOf(attributes ? simulator.AttributesOf(act.UserId) : null));
            }

            _now = Math.Max(_now, act.Time.ToUnixTimeMilliseconds());
            if (act.Query is { } query)
            {
                Say(user, query);
            }
            else
            {
                Touch(user, Enum.Parse<EventKind>(act.Action.ToString()), _items[act.ItemId!], TimeSpan.Zero);
            }
        }
    }

    /// <summary>The first item that each of some shoppers who come after the sample's own touches, and what is known of them.</summary>
    public IEnumerable<(ShopperAttributes Attributes, int Item)> Newcomers(int count)
    {
        var options = new SimulationOptions { Shoppers = Shoppers + count, Events = 25 * count };
        var simulator = new ShopperSimulator(Sample, options);
        var come = simulator.UserIds.Take(Shoppers).ToHashSet(StringComparer.Ordinal);
        foreach (var act in simulator.Organic())
        {
            if (act is { ItemId: { } item, Action: not (ShopperAction.Dismiss or ShopperAction.View) } && come.Add(act.UserId))
            {
                yield return (simulator.AttributesOf(act.UserId), _items[item]);
            }
        }
    }

    /// <summary>Items of a topic.</summary>
    public int[] ItemsOf(string topic) => [.. Enumerable.Range(0, _topics.Length).Where(item => _topics[item] == topic)];

    private RankingPolicy PolicyNow() => RankingPolicy.From(_learner.Publish(), _setup.Prior);

    private static UserAttributes MessageOf(ShopperAttributes? known) => known is null
        ? new UserAttributes()
        : new UserAttributes { AgeBand = known.AgeBand, Gender = known.Gender, Region = known.Region };

    private static Item MessageOf(SampleItem item)
        => new() { ItemId = item.ItemId, Title = item.Title, Description = item.Description };
}
