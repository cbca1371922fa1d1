using System.Globalization;
using Strata.Contracts;

namespace Strata.Cli.Rebuild;

/// <summary>What one service keeps in the store, and the topics that it is made of.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Service">Who writes it.</param>
/// <param name="Group">The writer's consumer group.</param>
/// <param name="Topics">Co-partitioned, in the order in which the writer reads its positions in them.</param>
/// <param name="Prefix">With what its keys begin; an id follows.</param>
/// <param name="Suffix">With what they end.</param>
/// <param name="Gently">One partition after the other: others wait for a value that is not there, for some seconds.</param>
internal sealed record StateKind(
    string Name, string Service, string Group, IReadOnlyList<string> Topics, string Prefix, string Suffix, bool Gently = false)
{
    /// <summary>All, in the order in which one is needed for the next.</summary>
    public static IReadOnlyList<StateKind> All { get; } =
    [
        new("items", "featurizer", ConsumerGroups.ItemsGroup, [Contracts.Topics.Items], "item:", "", Gently: true),
        OfUsers("profiles", "featurizer", ConsumerGroups.ProfilesGroup, Keys.Profile, Contracts.Topics.Events, Contracts.Topics.Users),
        OfUsers("weights", "clustering", ConsumerGroups.PointsGroup, Keys.UserLayers, Contracts.Topics.InterestPoints),
        OfUsers(
            "layer counts",
            "optimizer",
            ConsumerGroups.OutcomesGroup,
            Keys.UserPolicy,
            Contracts.Topics.Impressions,
            Contracts.Topics.Events) with { SumsPrefix = Keys.ArmOutcomesPrefix },
    ];

    public bool IsOfUsers => Suffix.Length > 0;

    /// <summary>With what keys of sums over a partition's users begin, which end with its number; empty: there are none.</summary>
    public string SumsPrefix { get; private init; } = "";

    public string KeyOf(string id) => Prefix + id + Suffix;

    public string IdOf(string key) => key[Prefix.Length..^Suffix.Length];

    /// <summary>The partition whose users' sums lie under a key; −1: none is.</summary>
    public static int PartitionOfSums(string key)
        => int.TryParse(key.AsSpan(key.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1;

    /// <summary>Keys of its positions in a partition.</summary>
    public IReadOnlyList<string> PositionsOf(int partition) => [.. Topics.Select(topic => Keys.Position(Group, topic, partition))];

    private static StateKind OfUsers(string name, string service, string group, Func<string, string> key, params string[] topics)
    {
        var parts = key("\n").Split('\n');
        return new(name, service, group, topics, parts[0], parts[1]);
    }
}
