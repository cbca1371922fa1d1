namespace Strata.Local.Sample;

/// <summary>
/// The organic life of one shopper: session after session, item after item, for ever. The shopper remembers what they touched.
/// </summary>
internal sealed class ShoppingTrip(ShopWorld world, SimulationOptions options, Shopper shopper)
{
    private readonly Random _random = Chance.For(options.Seed, "trip", shopper.UserId);
    private readonly List<int> _seen = [];
    private readonly HashSet<int> _touched = [];
    private DateTimeOffset _now = options.Start;

    /// <summary>The shopper's events in time order; endless, to be enumerated once.</summary>
    public IEnumerable<SimulatedEvent> Walk()
    {
        for (var gap = shopper.SessionGap / 3; ; gap = shopper.SessionGap)
        {
            _now += _random.After(gap);
            foreach (var done in Session(shopper.InterestsAt(_now)))
            {
                yield return done;
            }
        }
    }

    private IEnumerable<SimulatedEvent> Session(IReadOnlyList<TrueInterest> interests)
    {
        var burst = _random.Happens(options.Burst);
        int? topic = null;
        int? shelf = null;
        int? last = null;

        for (var left = Length(); left > 0; left--)
        {
            if (topic is null || (!burst && _random.Happens(options.Turn)))
            {
                var turned = Turn(interests);
                if (turned != topic)
                {
                    (topic, shelf, last) = (turned, null, null);
                }

                if (_random.Happens(options.Search))
                {
                    shelf = ShelfToLookFor(turned);
                    last = null;
                    var queries = world.QueriesFor(shelf.Value);
                    yield return Event(ShopperAction.Search, null, queries[_random.Next(queries.Count)]);
                    Pass();
                }
            }

            if (_seen.Count > 0 && _random.Happens(options.Return))
            {
                var again = _seen[_random.Next(_seen.Count)];
                foreach (var done in Meet(again))
                {
                    yield return done;
                }

                continue;
            }

            var item = Next(topic.Value, shelf, last);
            foreach (var done in Meet(item))
            {
                yield return done;
            }

            last = item;
            shelf = null;
        }
    }

    private int Length()
    {
        var length = 3;
        while (_random.Happens(1 - (1 / (options.SessionItems - 2))))
        {
            length++;
        }

        return length;
    }

    private int Turn(IReadOnlyList<TrueInterest> interests)
    {
        if (_random.Happens(options.Whim))
        {
            return _random.Draw(world.Topics, world.Popularity)!.Value;
        }

        var drawn = _random.Draw([.. Enumerable.Range(0, interests.Count)], index => interests[index].Weight);
        return interests[drawn!.Value].Topic;
    }

    private int ShelfToLookFor(int topic) => world.ShelfOf(_random.Draw(world.ItemsOf(topic), shopper.Pull)!.Value);

    private int Next(int topic, int? shelf, int? last)
    {
        if (last is { } from && _random.Happens(options.Route)
            && _random.Draw(world.RouteFrom(from), to => _touched.Contains(to) ? 0 : world.RouteWeight(from, to)) is { } led)
        {
            return led;
        }

        // The first item after a search is nearly always of the shelf that was searched for.
        var near = shelf ?? (last is { } item ? world.ShelfOf(item) : null);
        var stays = shelf is not null ? 0.9 : options.SameShelf / (1 - options.Route);
        if (near is { } here && _random.Happens(stays) && Untouched(world.ItemsOn(here)) is { } neighbour)
        {
            return neighbour;
        }

        return Untouched(world.ItemsOf(topic)) ?? _random.Draw(world.ItemsOf(topic), shopper.Pull)!.Value;
    }

    private int? Untouched(IReadOnlyList<int> items) => _random.Draw(items, item => _touched.Contains(item) ? 0 : shopper.Pull(item));

    private IEnumerable<SimulatedEvent> Meet(int item)
    {
        if (_touched.Add(item))
        {
            _seen.Add(item);
        }

        foreach (var action in Choice.About(_random, options, options.Open))
        {
            yield return Event(action, item, null);
            Pass();
        }
    }

    private void Pass() => _now += _random.After(options.Dwell);

    private SimulatedEvent Event(ShopperAction action, int? item, string? query) =>
        new(shopper.UserId, action, item is { } index ? world.Catalogue.Items[index].ItemId : null, query, _now, null, -1);
}
