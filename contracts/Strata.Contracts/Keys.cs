using System.Globalization;

namespace Strata.Contracts;

/// <summary>
/// Every key in Redis. One writer a key. <c>{u:id}</c> is a Redis Cluster hash tag: a user's keys lie on one shard and are read in one
/// round trip.
/// </summary>
public static class Keys
{
    /// <summary>Boosts, mutes and pins that a profile keeps, and as many forgets; the oldest fall off.</summary>
    public const int ProfileControls = 16;

    /// <summary>Set of an item sketch: what the user had.</summary>
    public const uint SketchHad = 0;

    /// <summary>Set of an item sketch: what they dismissed.</summary>
    public const uint SketchDismissed = 1;

    /// <summary>Bytes of a half of an item sketch.</summary>
    public const int SketchHalfBytes = 752;

    /// <summary>With what the keys of activity markers begin in their topic, and no item's id.</summary>
    public const string ActivityMarkerPrefix = "marker:";

    /// <summary>Key of a layer command among the layer deltas, which have none.</summary>
    public const string LayerCommand = "command";

    /// <summary>Key of the segments among the layers.</summary>
    public const string Segments = "segments";

    /// <summary>Key of a policy command among the training examples, which have none.</summary>
    public const string PolicyCommand = "command";

    /// <summary>Keys that a half takes.</summary>
    public const int SketchHalfKeys = 500;

    /// <summary>How long a half takes keys; twice as long after its first key it says nothing any more.</summary>
    public static readonly TimeSpan SketchHalfLifetime = TimeSpan.FromDays(182);

    /// <summary>Fenced <see cref="State.V1.Profile"/>. Written by Featurizer.</summary>
    public static string Profile(string userId) => $"{{u:{userId}}}:profile";

    /// <summary>Fenced <see cref="State.V1.UserLayers"/>. Written by Clustering.</summary>
    public static string UserLayers(string userId) => $"{{u:{userId}}}:layers";

    /// <summary>Key of a version of a policy that is kept in a place.</summary>
    public static string KeptPolicy(string name, int place) => string.Create(CultureInfo.InvariantCulture, $"{name}@{place}");

    /// <summary>Whether a key is that of a kept version of this policy, and in which place.</summary>
    public static bool IsKeptPolicy(string? key, string name, out int place)
    {
        place = -1;
        return key is not null
            && key.Length > name.Length + 1
            && key[name.Length] == '@'
            && key.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(key.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out place);
    }

    /// <summary>Fenced <see cref="State.V1.UserPolicy"/>. Written by Optimizer.</summary>
    public static string UserPolicy(string userId) => $"{{u:{userId}}}:policy";

    /// <summary>With what keys of <see cref="State.V1.ArmOutcomes"/> begin; they end with a colon and the partition.</summary>
    public const string ArmOutcomesPrefix = "experiment:";

    /// <summary>Fenced <see cref="State.V1.ArmOutcomes"/> of the users of one partition. Written by Optimizer.</summary>
    public static string ArmOutcomes(string experiment, string arm, int partition)
        => string.Create(CultureInfo.InvariantCulture, $"{ArmOutcomesPrefix}{experiment}:{arm}:{partition}");

    /// <summary>Fenced <see cref="Features.V1.ItemFeatures"/>. Written by Featurizer.</summary>
    public static string Item(string itemId) => $"item:{itemId}";

    /// <summary>
    /// Hash: term → number of live items of this item partition that have it; field "#items" counts them, "#floor" says in how many a term
    /// can be that is not here (absent: 0), "#fence" is the fence. Written by Featurizer.
    /// </summary>
    public static string DocumentFrequencies(int itemPartition) => $"df:{itemPartition}";

    /// <summary>Cache of text → vector of one encoder; expires.</summary>
    public static string Embedding(string encoder, ulong textHash) => $"embedding:{encoder}:{textHash:x16}";

    /// <summary>Empty, expires. Written by every service with a store, to see whether it takes writes.</summary>
    public const string Contact = "contact";

    /// <summary>
    /// Where a value that cannot be used is set aside, for thirty days. Written by the owner of <paramref name="key"/>.
    /// </summary>
    public static string Quarantine(string key) => $"quarantine:{key}";

    /// <summary>
    /// Hash: key → value that the owner of <paramref name="position"/> is to put there, '' to drop it, before it reads the log again from
    /// where the positions among them say. Written by operators (<c>strata rebuild</c>), removed by the owner.
    /// </summary>
    public static string RebuildOrder(string position) => $"rebuild:{{{position}}}";

    /// <summary>An order that is not yet whole. The same hash slot.</summary>
    public static string RebuildDraft(string position) => $"rebuild-draft:{{{position}}}";

    /// <summary>Empty, expires. Written while somebody waits for a rebuild: slates say that they are stale.</summary>
    public const string Rebuilding = "rebuilding";

    /// <summary>
    /// Fenced <see cref="Users.V1.Forgotten"/> in place of a user's value of that kind ("profile", "layers", "policy"); expires. Written by
    /// the owner of that value.
    /// </summary>
    public static string Forgotten(string userHash, string kind) => $"forgotten:{userHash}:{kind}";

    /// <summary>What a key holds, without whose it is: the part before or behind the id, for tags and log lines.</summary>
    public static string KindOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith('{') ? key[(key.LastIndexOf(':') + 1)..] : key.Split(':')[0];
    }

    /// <summary>Fence up to which the values of this store hold a partition: a store that comes back older says so by it.</summary>
    public static string Position(string group, string topic, int partition) => $"{PositionPrefix}{group}:{topic}:{partition}";

    /// <summary>
    /// The same position once more, with which copies were written beside it, on a node of a Redis Cluster: see <paramref name="tag"/>.
    /// </summary>
    /// <param name="position">Key of the position.</param>
    /// <param name="tag">What decides the hash slot, and by it the node.</param>
    public static string PositionCopy(string position, string tag) => $"{{{tag}}}:copy:{position}";

    /// <summary>With what the keys of positions begin.</summary>
    public const string PositionPrefix = "position:";
}
