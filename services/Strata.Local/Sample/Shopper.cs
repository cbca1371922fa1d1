using System.Globalization;

namespace Strata.Local.Sample;

/// <summary>An interest of a shopper: a topic's number and its weight; the weights of one shopper sum to 1.</summary>
internal readonly record struct TrueInterest(int Topic, double Weight);

/// <summary>Who a shopper is: what they like, how that drifts and how often they come. Nothing here changes by asking.</summary>
/// <remarks>Weights of interests are exponential draws with a floor of .15 before they are normalised, so that no interest is too faint to
/// be seen. Interests are drawn by the topics' popularity and what their attributes tell, without repetition.</remarks>
internal sealed class Shopper
{
    private readonly ShopWorld _world;
    private readonly SimulationOptions _options;
    private readonly double[] _shelfTaste;
    private readonly double[] _topicOdds;

    public Shopper(ShopWorld world, SimulationOptions options, int number)
    {
        _world = world;
        _options = options;
        UserId = string.Create(CultureInfo.InvariantCulture, $"shopper-{number:0000}");
        Attributes = ShopperAttributes.Of(options.Seed, UserId);
        _topicOdds = [.. world.Topics.Select(
            topic => world.Popularity(topic) * Attributes.OddsOf(topic, options.Seed, options.AttributeOdds))];

        var random = Chance.For(options.Seed, "taste", UserId);
        _shelfTaste = [.. Enumerable.Range(0, world.Shelves).Select(_ => Math.Exp(options.ShelfTaste * random.Normal()))];
        SessionGap = options.SessionGap * Math.Exp(options.GapSpread * random.Normal());
    }

    public string UserId { get; }

    /// <summary>What the shop is told of them.</summary>
    public ShopperAttributes Attributes { get; }

    /// <summary>Mean time between two sessions of this shopper.</summary>
    public TimeSpan SessionGap { get; }

    /// <summary>How much they like a shelf; 1 is the middle.</summary>
    public double ShelfTaste(int shelf) => _shelfTaste[shelf];

    /// <summary>Their pull to an item among those of its topic: its appeal times their liking for the shelf.</summary>
    public double Pull(int item) => _world.Appeal(item) * _shelfTaste[_world.ShelfOf(item)];

    /// <summary>Their interests at an instant; before the start of the simulation, those they start with.</summary>
    public IReadOnlyList<TrueInterest> InterestsAt(DateTimeOffset time)
    {
        var random = Chance.For(_options.Seed, "interests", UserId);
        var count = 1 + random.Draw([.. Enumerable.Range(0, _options.Interests.Count)], index => _options.Interests[index])!.Value;
        var topics = new List<int>();
        var strengths = new List<double>();
        for (var interest = 0; interest < count; interest++)
        {
            topics.Add(TakeUp(random, topics));
            strengths.Add(Strength(random));
        }

        for (var change = _options.Start + random.After(_options.Drift); change <= time; change += random.After(_options.Drift))
        {
            var dropped = random.Next(count);
            topics[dropped] = TakeUp(random, topics);
            strengths[dropped] = Strength(random);
        }

        var total = strengths.Sum();
        return [.. topics.Select((topic, i) => new TrueInterest(topic, strengths[i] / total))];
    }

    /// <summary>The chance of opening an item that they examine in a slate:
    /// SlateStray + SlateOpen · √(weight / greatest weight) · (¼ + ¾ · √(pull / greatest pull in the topic)).
    /// The roots keep the lesser interests and the lesser items from vanishing.</summary>
    public double Affinity(int item, IReadOnlyList<TrueInterest> interests)
    {
        var topic = _world.TopicOf(item);
        var weight = interests.FirstOrDefault(interest => interest.Topic == topic).Weight;
        var byWeight = Math.Sqrt(weight / interests.Max(interest => interest.Weight));
        var byPull = 0.25 + (0.75 * Math.Sqrt(Pull(item) / _world.ItemsOf(topic).Max(Pull)));
        return Math.Min(1, _options.SlateStray + (_options.SlateOpen * byWeight * byPull));
    }

    private static double Strength(Random random) => 0.15 - Math.Log(1 - random.NextDouble());

    private int TakeUp(Random random, List<int> held) =>
        random.Draw(_world.Topics, topic => held.Contains(topic) ? 0 : _topicOdds[topic])
            ?? throw new InvalidOperationException(
                $"A shopper with {held.Count} interests needs more topics than the {_world.Topics.Count} there are.");
}
