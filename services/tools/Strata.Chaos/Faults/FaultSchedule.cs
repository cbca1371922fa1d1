using Strata.Chaos.Stack;
using Strata.Contracts;

namespace Strata.Chaos.Faults;

/// <summary>Draws faults as cards: each deck has every kind, and what is done to a service for every service; a seed shuffles it.</summary>
internal static class FaultSchedule
{
    /// <summary>Target of faults of connections.</summary>
    public const string Store = "store";

    /// <summary>Target of faults of connections.</summary>
    public const string Brokers = "brokers";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Topics that services write in transactions.</summary>
    private static readonly string[] Transactional =
    [
        Topics.ItemFeatures, Topics.InterestPoints, Topics.ActivityDeltas, Topics.ItemActivity, Topics.LayerDeltas, Topics.Layers,
        Topics.Policy,
    ];

    /// <summary>Services whose groups share partitions of a stream.</summary>
    private static readonly string[] Sharing = ["Featurizer", "Clustering", "Optimizer"];

    /// <summary>What services are connected to.</summary>
    private static readonly string[] Ends = [Store, Brokers];

    private static readonly FaultKind[] OnConnections =
        [FaultKind.CutConnections, FaultKind.SlowConnections, FaultKind.DeadConnections];

    private static readonly FaultKind[] OnServices =
        [FaultKind.KillService, FaultKind.HangService, FaultKind.RestartService, FaultKind.StepClock];

    /// <summary>Cards of one deck.</summary>
    public static IReadOnlyList<FaultKind> Deck { get; } =
    [
        .. OnServices.SelectMany(kind => Fleet.Services.Select(_ => kind)),
        .. OnConnections.SelectMany(kind => Ends.Select(_ => kind)),
        .. Enum.GetValues<FaultKind>().Except(OnServices).Except(OnConnections),
        FaultKind.HangBroker, FaultKind.OpenTransaction, FaultKind.Poison,
    ];

    /// <summary>The faults of a campaign.</summary>
    /// <param name="faults">How many.</param>
    /// <param name="seed">The same seed draws the same.</param>
    /// <param name="longest">The longest outage.</param>
    /// <param name="only">Kinds that are left in the deck; empty: all.</param>
    public static IReadOnlyList<ScheduledFault> Draw(int faults, int seed, TimeSpan longest, IReadOnlyList<FaultKind> only)
    {
        var random = new Random(seed);
        var drawn = new List<ScheduledFault>();
        while (drawn.Count < faults)
        {
            var each = OnServices.ToDictionary(kind => kind, _ => new Queue<string>(Fleet.Services));
            foreach (var kind in OnConnections)
            {
                each[kind] = new Queue<string>(Ends);
            }

            var deck = Deck.Where(kind => only.Count == 0 || only.Contains(kind))
                .Select(kind => (Kind: kind, Target: TargetOf(kind))).ToArray();
            random.Shuffle(deck);
            foreach (var (kind, target) in deck.Take(faults - drawn.Count))
            {
                var outage = Shortest + ((longest - Shortest) * random.NextDouble());
                drawn.Add(new ScheduledFault(drawn.Count + 1, kind, target, random.Next(60), outage));
            }

            string TargetOf(FaultKind kind)
                => each.TryGetValue(kind, out var left) ? left.Dequeue()
                    : kind == FaultKind.OpenTransaction ? Transactional[random.Next(Transactional.Length)]
                    : kind == FaultKind.Rebalance ? Sharing[random.Next(Sharing.Length)]
                    : "";
        }

        return drawn;
    }
}
