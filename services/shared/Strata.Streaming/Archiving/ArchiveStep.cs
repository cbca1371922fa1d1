using Strata.Contracts;

namespace Strata.Streaming.Archiving;

/// <summary>
/// Groups and the topics that they alone write to, in transactions with their positions: read while none of them commits, both fit.
/// </summary>
/// <param name="Groups">Consumer groups.</param>
/// <param name="Topics">Topics.</param>
public sealed record ArchiveStep(IReadOnlyList<string> Groups, IReadOnlyList<string> Topics)
{
    /// <summary>
    /// All, from the end of the stream to its beginning: what a later step finds has at least what an earlier one made something of. The
    /// last has what comes from outside.
    /// </summary>
    public static IReadOnlyList<ArchiveStep> All { get; } =
    [
        new([ConsumerGroups.LearnerGroup], [Contracts.Topics.Policy]),
        new([ConsumerGroups.LayersGroup], [Contracts.Topics.Layers]),
        new([ConsumerGroups.ActivityGroup], [Contracts.Topics.ItemActivity]),
        new([ConsumerGroups.OutcomesGroup, ConsumerGroups.ShadowGroup], [Contracts.Topics.Training]),
        new([ConsumerGroups.PointsGroup], [Contracts.Topics.LayerDeltas]),
        new([ConsumerGroups.ProfilesGroup], [Contracts.Topics.InterestPoints, Contracts.Topics.ActivityDeltas]),
        new([ConsumerGroups.ItemsGroup], [Contracts.Topics.ItemFeatures]),
        new(
            [],
            [
                Contracts.Topics.Events, Contracts.Topics.Items, Contracts.Topics.Users, Contracts.Topics.Consents,
                Contracts.Topics.Impressions, Contracts.Topics.Quarantine.Name, .. Contracts.Topics.All.Select(topic => topic.DeadLetters),
            ]),
    ];
}
