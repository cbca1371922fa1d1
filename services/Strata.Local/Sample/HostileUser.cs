namespace Strata.Local.Sample;

/// <summary>Somebody who clicks a few items over and over, as fast as the system takes it.</summary>
internal static class HostileUser
{
    private const string UserId = "hostile-0001";

    /// <summary>Items that they click.</summary>
    public const int Items = 20;

    /// <summary>A millisecond lies between two clicks.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(1);

    /// <summary>Their clicks in the order of time: one round over the items after the other. Equal arguments give equal events.</summary>
    public static IEnumerable<SimulatedEvent> Clicks(SampleCatalogue catalogue, int count, DateTimeOffset start, int seed)
    {
        string[] items = [.. catalogue.Items.Select(item => item.ItemId)];
        Chance.For(seed, UserId).Shuffle(items);
        return Enumerable.Range(0, count).Select(click => new SimulatedEvent(
            UserId, ShopperAction.Click, items[click % Math.Min(Items, items.Length)], null, start + (click * Gap), null, -1));
    }
}
