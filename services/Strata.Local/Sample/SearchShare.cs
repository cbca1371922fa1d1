namespace Strata.Local.Sample;

/// <summary>Gives a stream another share of searches.</summary>
internal static class SearchShare
{
    /// <summary>
    /// The stream without its own searches; instead shoppers type, before they come to an item, queries of its shelf, as many as make the
    /// share. Equal arguments give equal events.
    /// </summary>
    /// <param name="events">May go on for ever.</param>
    /// <param name="catalogue">Whose items and queries they are.</param>
    /// <param name="share">Share of searches among all events, from 0 to less than 1.</param>
    /// <param name="seed">Seed of which queries are typed.</param>
    public static IEnumerable<SimulatedEvent> Of(IEnumerable<SimulatedEvent> events, SampleCatalogue catalogue, double share, int seed)
    {
        var queries = catalogue.Queries.ToLookup(query => (query.Topic, query.Shelf), query => query.Query);
        var random = Chance.For(seed, "searches");
        var (searches, all) = (0L, 0L);
        foreach (var act in events.Where(act => act.Action != ShopperAction.Search))
        {
            var item = catalogue.Find(act.ItemId!)!;
            string[] typed = [.. queries[(item.Topic, item.Shelf)]];
            for (; searches < share * (all + 1); searches++, all++)
            {
                yield return act with { Action = ShopperAction.Search, ItemId = null, Query = typed[random.Next(typed.Length)] };
            }

            yield return act;
            all++;
        }
    }
}
