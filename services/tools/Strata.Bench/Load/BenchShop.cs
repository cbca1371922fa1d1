using System.Globalization;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;

namespace Strata.Bench.Load;

/// <summary>
/// A shop of any size: shelves of items that are about the same, popular by Zipf's law within their shelf, and users of whom each likes
/// three shelves.
/// </summary>
internal sealed class BenchShop
{
    private const int Favourites = 3;
    private const double Strolls = .1;

    private static readonly string[] Subjects =
    [
        "tent", "lantern", "espresso machine", "coffee grinder", "violin", "sheet music", "watering can", "pruning shears", "bicycle",
        "helmet", "detective novel", "paperback", "laptop", "keyboard", "pram", "nappies", "easel", "paint brush", "running shoes",
        "sports watch", "bee hive", "honey jar", "record player", "headphones", "chess set", "board game", "fishing rod", "waders",
        "camera", "tripod", "sewing machine", "fabric", "drill", "saw", "frying pan", "knife", "candle", "vase", "rug", "lamp",
    ];

    private static readonly string[] Looks =
        ["light", "sturdy", "compact", "classic", "large", "premium", "blue", "red", "old", "foldable"];

    private static readonly string[] Purposes =
        ["beginners", "children", "travel", "the garden", "winter", "the office", "professionals", "two", "a gift", "small rooms"];

    private static readonly EventKind[] Kinds =
        [EventKind.Click, EventKind.Click, EventKind.View, EventKind.View, EventKind.Like, EventKind.Cart, EventKind.Purchase];

    private readonly BenchOptions _options;
    private readonly ZipfLaw _popularity;
    private readonly int _shelfSize;

    public BenchShop(BenchOptions options)
    {
        _options = options;
        _shelfSize = Math.Max(1, options.Items / Subjects.Length);
        _popularity = new ZipfLaw(_shelfSize, options.Zipf);
    }

    /// <summary>The catalogue.</summary>
    public IEnumerable<Item> Items => Enumerable.Range(0, _options.Items).Select(Item);

    /// <summary>Name of a user.</summary>
    public static string UserOf(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number}");

    /// <summary>What a user does next.</summary>
    public UserEvent Event(int user, Random random)
    {
        var shelf = random.NextDouble() < Strolls
            ? random.Next(Subjects.Length)
            : (user + (random.Next(Favourites) * (1 + (user % 11)))) % Subjects.Length;
        var act = new UserEvent { UserId = UserOf(user) };
        if (random.NextDouble() < _options.Searches)
        {
            (act.Kind, act.Query) = (EventKind.Search, $"{Looks[random.Next(Looks.Length)]} {Subjects[shelf]}");
        }
        else
        {
            (act.Kind, act.ItemId) = (Kinds[random.Next(Kinds.Length)], IdOf(ItemOf(shelf, _popularity.Draw(random))));
        }

        return act;
    }

    // Item n stands on shelf n % shelves, as number n / shelves.
    private int ItemOf(int shelf, int rank) => Math.Min((rank * Subjects.Length) + shelf, _options.Items - 1);

    private static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"item-{number}");

    private Item Item(int number)
    {
        var shelf = number % Subjects.Length;
        var text = number / Subjects.Length % Math.Max(1, _options.Titles / Subjects.Length);
        var edition = text / (Looks.Length * Purposes.Length);
        return new Item
        {
            ItemId = IdOf(number),
            Title = $"{Looks[text % Looks.Length]} {Subjects[shelf]} for {Purposes[text / Looks.Length % Purposes.Length]}"
                + (edition > 0 ? string.Create(CultureInfo.InvariantCulture, $", series {edition}") : ""),
            Categories = { Subjects[shelf] },
        };
    }
}
