using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;

namespace Strata.Chaos.Load;

/// <summary>Who does what: drawn from a seed, with times that sometimes run back.</summary>
internal sealed class Shoppers(int seed)
{
    /// <summary>Users whose state is compared.</summary>
    public const int Regular = 40;

    /// <summary>Users who touch items that are deleted later: what they leave depends on when a deletion was read.</summary>
    public const string PassingPrefix = "passer-";

    private static readonly EventKind[] Kinds =
        [EventKind.Click, EventKind.Click, EventKind.View, EventKind.Like, EventKind.Cart, EventKind.Purchase];

    private readonly Random _random = new(seed);
    private int _number;

    /// <summary>The passing item that may be touched now; null: none.</summary>
    public string? Passing { get; set; }

    public static IEnumerable<string> Users => Enumerable.Range(0, Regular).Select(user => $"user-{user}");

    /// <summary>The next event, which happens at <paramref name="now"/> or a little before.</summary>
    public UserEvent Next(DateTimeOffset now)
    {
        lock (_random)
        {
            var number = _number++;
            var act = new UserEvent
            {
                EventId = $"chaos-{seed}-{number}",
                EventTime = Timestamp.FromDateTimeOffset(
                    now - (_random.Next(10) == 0 ? TimeSpan.FromMinutes(_random.Next(1, 600)) : TimeSpan.Zero)),
            };
            if (Passing is { } passing && _random.Next(8) == 0)
            {
                (act.UserId, act.Kind, act.ItemId) = ($"{PassingPrefix}{_random.Next(5)}", EventKind.Click, passing);
                return act;
            }

            var user = _random.Next(Regular);
            act.UserId = $"user-{user}";
            var theme = (user + (_random.Next(4) == 0 ? _random.Next(ShopCatalogue.ThemeCount) : 0)) % ShopCatalogue.ThemeCount;
            if (_random.Next(6) == 0)
            {
                (act.Kind, act.Query) = (EventKind.Search, ShopCatalogue.QueryOf(theme, _random));
            }
            else
            {
                (act.Kind, act.ItemId) = (Kinds[_random.Next(Kinds.Length)], ShopCatalogue.ItemOf(theme, _random));
            }

            return act;
        }
    }
}
