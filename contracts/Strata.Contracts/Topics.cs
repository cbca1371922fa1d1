namespace Strata.Contracts;

/// <summary>What a topic is: its name, partitions and retention on a real broker.</summary>
/// <param name="Name">Name of the topic.</param>
/// <param name="Partitions">Partitions made on a real broker; code asks the broker and never counts on this number.</param>
/// <param name="Retention">How long records stay; null: compacted, the newest of each key stays.</param>
public sealed record TopicSpec(string Name, int Partitions, TimeSpan? Retention)
{
    /// <summary>Name of the topic for records that can never succeed.</summary>
    public string DeadLetters => Topics.DeadLettersOf(Name);
}

/// <summary>Every topic of Strata. Keys and values: the comment of each message in <c>protos/</c>.</summary>
public static class Topics
{
    /// <summary>UserEvent by user id.</summary>
    public const string Events = "strata.events.v1";

    /// <summary>Item by item id.</summary>
    public const string Items = "strata.items.v1";

    /// <summary>UserAttributes by user id.</summary>
    public const string Users = "strata.users.v1";

    /// <summary>Consent by user id: what a user allows.</summary>
    public const string Consents = "strata.consents.v1";

    /// <summary>ItemFeatures by item id.</summary>
    public const string ItemFeatures = "strata.item-features.v1";

    /// <summary>InterestPoint by user id.</summary>
    public const string InterestPoints = "strata.interest-points.v1";

    /// <summary>ActivityDelta, sent to the partition of its items.</summary>
    public const string ActivityDeltas = "strata.activity-deltas.v1";

    /// <summary>ItemActivity by item id, ActivityMarker by "marker:partition".</summary>
    public const string ItemActivity = "strata.item-activity.v1";

    /// <summary>LayerDelta without a key, LayerCommand by "command", partition 0.</summary>
    public const string LayerDeltas = "strata.layer-deltas.v1";

    /// <summary>Layer by "layer:id", LayerSetMarker by "set", partition 0.</summary>
    public const string Layers = "strata.layers.v1";

    /// <summary>Impression by user id.</summary>
    public const string Impressions = "strata.impressions.v1";

    /// <summary>TrainingExample, partition 0: one learner reads them in one order.</summary>
    public const string Training = "strata.training.v1";

    /// <summary>Policy by name, partition 0.</summary>
    public const string Policy = "strata.policy.v1";

    /// <summary>All topics with their partitions and retention.</summary>
    public static IReadOnlyList<TopicSpec> All { get; } =
    [
        new(Events, 12, TimeSpan.FromDays(7)),
        new(Items, 6, null),
        new(Users, 12, null),
        new(Consents, 12, null),
        new(ItemFeatures, 6, null),
        new(InterestPoints, 12, TimeSpan.FromDays(1)),
        new(ActivityDeltas, 6, TimeSpan.FromDays(1)),
        new(ItemActivity, 6, null),
        new(LayerDeltas, 1, TimeSpan.FromDays(1)),
        new(Layers, 1, null),
        new(Impressions, 12, TimeSpan.FromDays(7)),
        new(Training, 1, TimeSpan.FromDays(1)),
        new(Policy, 1, null),
    ];

    /// <summary>UserEvent by user id: events that look like a robot's, set aside and not lost. No service reads it.</summary>
    public static TopicSpec Quarantine { get; } = new(Events + ".quarantine", 1, TimeSpan.FromDays(7));

    /// <summary>How long dead letters stay.</summary>
    public static TimeSpan DeadLetterRetention { get; } = TimeSpan.FromDays(30);

    /// <summary>The topic for records of <paramref name="topic"/> that can never succeed.</summary>
    public static string DeadLettersOf(string topic) => topic + ".dead";
}
