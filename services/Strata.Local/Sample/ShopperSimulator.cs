namespace Strata.Local.Sample;

/// <summary>Simulated shoppers whose true interests are known, so that what a recommender learns can be held against the truth.</summary>
/// <remarks>Two ways to use it, alone or together: <see cref="Organic"/> is what shoppers do by themselves; <see cref="React"/> is what a
/// shopper does with a slate. Both are pure: the same options and arguments give the same answer, whatever was asked before. So a shopper
/// doesn't remember in one what they did in the other.</remarks>
internal sealed class ShopperSimulator
{
    private readonly ShopWorld _world;
    private readonly SimulationOptions _options;
    private readonly List<Shopper> _shoppers;
    private readonly Dictionary<string, Shopper> _byId;

    public ShopperSimulator(SampleCatalogue catalogue, SimulationOptions options)
    {
        _options = options;
        _world = new ShopWorld(catalogue, options);
        _shoppers = [.. Enumerable.Range(1, options.Shoppers).Select(number => new Shopper(_world, options, number))];
        _byId = _shoppers.ToDictionary(shopper => shopper.UserId);
    }

    /// <summary>Ids of all shoppers, whether or not they have come yet.</summary>
    public IEnumerable<string> UserIds => _shoppers.Select(shopper => shopper.UserId);

    /// <summary>What the shop is told of a shopper.</summary>
    public ShopperAttributes AttributesOf(string userId) => Find(userId).Attributes;

    /// <summary>How likely a shopper is to look at a position of a slate: 1/log2(position + 2), so 1, .63, .5, .43, …</summary>
    /// <param name="position">0-based.</param>
    public static double Examination(int position) => 1 / Math.Log2(position + 2);

    /// <summary>
    /// The events of all shoppers in time order; ties by shopper. Every enumeration starts anew and gives the same events.
    /// </summary>
    public IEnumerable<SimulatedEvent> Organic() =>
        _options.Events is { } events ? Merge().Take(events) : Merge();

    /// <summary>Shows a shopper a slate. Each position is examined or not by <see cref="Examination"/>; an examined item is opened with the
    /// chance of its <see cref="Affinity"/>, else only looked at.</summary>
    /// <param name="userId">One of <see cref="UserIds"/>.</param>
    /// <param name="requestId">Names the slate; chance is drawn by shopper and request, so the same request gives the same
    /// reaction.</param>
    /// <param name="slate">Item ids, best first. An item that the shop doesn't have is examined and hardly ever opened.</param>
    /// <param name="time">When it is shown; the reaction follows within some minutes of it.</param>
    /// <returns>In time order, for each examined position a view or a click, and what follows from it. A position without an event was not
    /// looked at.</returns>
    public IReadOnlyList<SimulatedEvent> React(string userId, string requestId, IReadOnlyList<string> slate, DateTimeOffset time)
    {
        var shopper = Find(userId);
        var interests = shopper.InterestsAt(time);
        var random = Chance.For(_options.Seed, "slate", userId, requestId);
        var events = new List<SimulatedEvent>();
        for (var position = 0; position < slate.Count; position++)
        {
            if (!random.Happens(Examination(position)))
            {
                continue;
            }

            var open = _world.IndexOf(slate[position]) is { } item ? shopper.Affinity(item, interests) : _options.SlateStray;
            foreach (var action in Choice.About(random, _options, open))
            {
                time += random.After(_options.Dwell / 4);
                events.Add(new SimulatedEvent(userId, action, slate[position], null, time, requestId, position));
            }
        }

        return events;
    }

    /// <summary>The topics that a shopper cares for at an instant, with weights that sum to 1.</summary>
    public IReadOnlyDictionary<string, double> TrueInterests(string userId, DateTimeOffset time) =>
        Find(userId).InterestsAt(time).ToDictionary(
            interest => _world.Catalogue.Topics[interest.Topic],
            interest => interest.Weight);

    /// <summary>Share of an item in the attention to its topic, for all shoppers alike; 0 for an item that the shop doesn't have.</summary>
    public double Appeal(string itemId) => _world.IndexOf(itemId) is { } item ? _world.Appeal(item) : 0;

    /// <summary>The chance that a shopper opens an item once they have examined it in a slate: what an ideal ranking sorts by.</summary>
    public double Affinity(string userId, string itemId, DateTimeOffset time) =>
        _world.IndexOf(itemId) is { } item ? Find(userId).Affinity(item, Find(userId).InterestsAt(time)) : _options.SlateStray;

    private Shopper Find(string userId) =>
        _byId.TryGetValue(userId, out var shopper)
            ? shopper
            : throw new ArgumentException(
                $"There is no shopper '{userId}'; the {_shoppers.Count} of this simulation are listed in UserIds.",
                nameof(userId));

    private IEnumerable<SimulatedEvent> Merge()
    {
        var next = new PriorityQueue<IEnumerator<SimulatedEvent>, (DateTimeOffset Time, int Number)>();
        for (var number = 0; number < _shoppers.Count; number++)
        {
            var walk = new ShoppingTrip(_world, _options, _shoppers[number]).Walk().GetEnumerator();
            walk.MoveNext();
            next.Enqueue(walk, (walk.Current.Time, number));
        }

        while (next.TryDequeue(out var walk, out var turn))
        {
            yield return walk.Current;
            walk.MoveNext();
            next.Enqueue(walk, (walk.Current.Time, turn.Number));
        }
    }
}
