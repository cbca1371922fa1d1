namespace Strata.Local.Sample;

/// <summary>What is true of the shop for all shoppers: how popular topics are, how appealing items are, and what leads to what.
/// Items, topics and shelves are numbers here: indices into the catalogue's lists.</summary>
internal sealed class ShopWorld
{
    private static readonly double[] RouteWeights = [0.5, 0.3, 0.2];

    private readonly double[] _appeal;
    private readonly int[] _topicOf;
    private readonly int[] _shelfOf;
    private readonly int[][] _items;
    private readonly int[][] _shelves;
    private readonly string[][] _queries;
    private readonly int[][] _routes;
    private readonly double[] _popularity;
    private readonly Dictionary<string, int> _indices = [];

    public ShopWorld(SampleCatalogue catalogue, SimulationOptions options)
    {
        Catalogue = catalogue;
        Topics = [.. Enumerable.Range(0, catalogue.Topics.Count)];
        var shelves = catalogue.Items.Select(item => (item.Topic, item.Shelf)).Distinct().ToList();
        Shelves = shelves.Count;

        _topicOf = [.. catalogue.Items.Select(item => catalogue.Topics.ToList().IndexOf(item.Topic))];
        _shelfOf = [.. catalogue.Items.Select(item => shelves.IndexOf((item.Topic, item.Shelf)))];
        _items = [.. Topics.Select(topic => Indices(_topicOf, topic))];
        _shelves = [.. Enumerable.Range(0, Shelves).Select(shelf => Indices(_shelfOf, shelf))];
        _queries = [.. shelves.Select(shelf =>
            catalogue.Queries.Where(query => (query.Topic, query.Shelf) == shelf).Select(query => query.Query).ToArray())];
        for (var item = 0; item < catalogue.Items.Count; item++)
        {
            _indices.Add(catalogue.Items[item].ItemId, item);
        }

        var random = Chance.For(options.Seed, "world");
        _popularity = Zipf(random, Topics.Count, options.TopicSkew);
        _appeal = new double[catalogue.Items.Count];
        foreach (var items in _items)
        {
            var appeal = Zipf(random, items.Length, options.AppealSkew);
            for (var i = 0; i < items.Length; i++)
            {
                _appeal[items[i]] = appeal[i];
            }
        }

        _routes = [.. Enumerable.Range(0, catalogue.Items.Count).Select(item => LayRoute(random, item))];
    }

    public SampleCatalogue Catalogue { get; }

    public IReadOnlyList<int> Topics { get; }

    /// <summary>Number of shelves over all topics.</summary>
    public int Shelves { get; }

    /// <summary>The item's number, or null for an item of another shop.</summary>
    public int? IndexOf(string itemId) => _indices.TryGetValue(itemId, out var item) ? item : null;

    /// <summary>Share of a topic in all interests; sums to 1 over the topics.</summary>
    public double Popularity(int topic) => _popularity[topic];

    /// <summary>Share of an item in the attention to its topic; sums to 1 over the topic's items.</summary>
    public double Appeal(int item) => _appeal[item];

    public int TopicOf(int item) => _topicOf[item];

    public int ShelfOf(int item) => _shelfOf[item];

    public IReadOnlyList<int> ItemsOf(int topic) => _items[topic];

    public IReadOnlyList<int> ItemsOn(int shelf) => _shelves[shelf];

    public IReadOnlyList<string> QueriesFor(int shelf) => _queries[shelf];

    /// <summary>
    /// The three items an item leads to: one of its own shelf, one of the next shelf, and one of either. The weights are .5, .3, .2.
    /// </summary>
    public IReadOnlyList<int> RouteFrom(int item) => _routes[item];

    public double RouteWeight(int from, int to)
    {
        var rank = Array.IndexOf(_routes[from], to);
        return rank < 0 ? 0 : RouteWeights[rank];
    }

    private static int[] Indices(int[] of, int wanted) => [.. Enumerable.Range(0, of.Length).Where(index => of[index] == wanted)];

    private static double[] Zipf(Random random, int count, double exponent)
    {
        var weights = Enumerable.Range(1, count).Select(rank => Math.Pow(rank, -exponent)).ToArray();
        var total = weights.Sum();
        random.Shuffle(weights);
        return [.. weights.Select(weight => weight / total)];
    }

    /// <summary>Shelves lead on in the catalogue's order, after the tents the sleeping mats, and the last one back to the first.</summary>
    private int[] LayRoute(Random random, int item)
    {
        var shelves = _items[_topicOf[item]].Select(ShelfOf).Distinct().ToList();
        var own = _shelves[_shelfOf[item]];
        var next = _shelves[shelves[(shelves.IndexOf(_shelfOf[item]) + 1) % shelves.Count]];

        var route = new List<int>();
        foreach (var choices in (int[][])[own, next, [.. own, .. next]])
        {
            var step = random.Draw(choices, to => to == item || route.Contains(to) ? 0 : Math.Sqrt(_appeal[to]));
            if (step is { } reached)
            {
                route.Add(reached);
            }
        }

        return [.. route];
    }
}
