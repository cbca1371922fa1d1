using Strata.Contracts.Catalog.V1;

namespace Strata.Chaos.Load;

/// <summary>A small shop: themes, and items that are about them.</summary>
internal static class ShopCatalogue
{
    /// <summary>Items of each theme.</summary>
    private const int ItemsATheme = 24;

    private static readonly string[][] Themes =
    [
        ["tent", "camping", "sleeping bag", "lantern", "hiking"],
        ["espresso", "coffee", "grinder", "milk frother", "beans"],
        ["violin", "cello", "sheet music", "bow", "rosin"],
        ["garden", "seeds", "watering can", "pruning shears", "compost"],
        ["bicycle", "helmet", "tyre", "pannier", "chain oil"],
        ["novel", "detective story", "paperback", "library", "crime"],
        ["laptop", "keyboard", "monitor", "docking station", "cable"],
        ["baby", "pram", "nappies", "pacifier", "cradle"],
        ["watercolour", "paint brush", "easel", "canvas", "sketchbook"],
        ["running shoes", "marathon", "sports watch", "socks", "energy gel"],
    ];

    private static readonly string[] Kinds = ["light", "sturdy", "compact", "classic", "large", "premium"];

    /// <summary>The items that stay.</summary>
    public static IReadOnlyList<Item> Items { get; } =
    [
        .. Themes.SelectMany((words, theme) => Enumerable.Range(0, ItemsATheme).Select(number => new Item
        {
            ItemId = $"item-{theme}-{number}",
            Title = $"{Kinds[number % Kinds.Length]} {words[number % words.Length]} for "
                + words[(number + 1 + (number / 5)) % words.Length],
            Description = $"Number {number} of all that has to do with {words[0]}: {words[(number + 2) % words.Length]}.",
            Categories = { words[0] },
        })),
    ];

    public static int ThemeCount => Themes.Length;

    /// <summary>An item of a theme.</summary>
    public static string ItemOf(int theme, Random random) => $"item-{theme}-{random.Next(ItemsATheme)}";

    /// <summary>What somebody types who looks for something of a theme.</summary>
    public static string QueryOf(int theme, Random random)
        => $"{Kinds[random.Next(Kinds.Length)]} {Themes[theme][random.Next(Themes[theme].Length)]}";

    /// <summary>An item that will be deleted: as good for a slate as those of its theme that stay.</summary>
    public static Item Passing(int number)
    {
        var words = Themes[number % Themes.Length];
        return new Item
        {
            ItemId = $"passing-{number}",
            Title = $"new {words[0]} and {words[1]}",
            Description = $"For a while only, of all that has to do with {words[0]}: {words[2]}.",
            Categories = { words[0] },
        };
    }
}
