using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Holdings.Core;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;

namespace Strata.Ranking.Holdings;

/// <summary>Looks at what is held of a user, by every name: the store's keys, and the newest records of the users' log.</summary>
internal sealed class UserLook(UserReader store, UserKeyRing keys, UserNames names, IPartitionReader logs, ITopics topics)
{
    /// <summary>What the store holds. UNAVAILABLE when it does not answer.</summary>
    public ValueTask<IReadOnlyList<HeldValue>> StoreAsync(string userId, CancellationToken cancellationToken)
        => StoreAsync(names.AllOf(userId), cancellationToken);

    /// <summary>The same under these names.</summary>
    public async ValueTask<IReadOnlyList<HeldValue>> StoreAsync(IReadOnlyList<string> ofUser, CancellationToken cancellationToken)
    {
        var held = new List<HeldValue>();
        foreach (var name in ofUser)
        {
            held.AddRange(await StoreOfAsync(name, cancellationToken));
        }

        return held;
    }

    /// <summary>
    /// The newest record of the user in the users' log by name, where there is one. Reads their partitions from the beginning.
    /// </summary>
    public async ValueTask<IReadOnlyList<StreamRecord>> NewestAttributesAsync(string userId, CancellationToken cancellationToken)
    {
        var newest = new List<StreamRecord>();
        foreach (var name in names.AllOf(userId))
        {
            if (await NewestAttributesOfAsync(name, cancellationToken) is { } record)
            {
                newest.Add(record);
            }
        }

        return newest;
    }

    /// <summary>True when a record of the users' log says something of the user from up to then.</summary>
    public static bool IsFrom(StreamRecord record, long askedUnixMs)
        => record.Value is not null
            && record.TryParse(UserAttributes.Parser, out var attributes, out _)
            && (attributes.Updated?.ToDateTimeOffset() ?? record.Timestamp).ToUnixTimeMilliseconds() <= askedUnixMs;

    private async ValueTask<IEnumerable<HeldValue>> StoreOfAsync(string name, CancellationToken cancellationToken)
    {
        string[] hashes = [.. keys.All.Select(key => key.HashOf(name))];
        (string Kind, string Key, Func<ReadOnlyMemory<byte>?, Forgotten?> Since)[] kinds =
        [
            ("profile", Keys.Profile(name), value => Read(value, Profile.Parser)?.Forgotten),
            ("layers", Keys.UserLayers(name), value => Read(value, UserLayers.Parser)?.Forgotten),
            ("policy", Keys.UserPolicy(name), value => Read(value, UserPolicy.Parser)?.Forgotten),
        ];
        var perKind = 2 + hashes.Length;
        var values = await store.RequireValuesAsync(
            [
                .. kinds.SelectMany(kind => hashes.Select(hash => Keys.Forgotten(hash, kind.Kind))
                    .Prepend(Keys.Quarantine(kind.Key)).Prepend(kind.Key)),
            ],
            cancellationToken);
        return kinds.Select((kind, i) => new HeldValue(
            kind.Kind,
            values[i * perKind] is not null,
            kind.Since(values[i * perKind]),
            Enumerable.Range((i * perKind) + 2, hashes.Length).Select(at => Read(values[at], Forgotten.Parser))
                .MaxBy(mark => mark?.AskedUnixMs ?? 0),
            values[(i * perKind) + 1] is not null));
    }

    private async ValueTask<StreamRecord?> NewestAttributesOfAsync(string name, CancellationToken cancellationToken)
    {
        StreamRecord? newest = null;
        var partition = KeyPartitioner.PartitionOf(name, await topics.PartitionsAsync(Topics.Users, cancellationToken));
        await foreach (var record in logs.ReadToEndAsync(Topics.Users, partition, cancellationToken))
        {
            newest = record.Key == name ? record : newest;
        }

        return newest;
    }

    private static T? Read<T>(ReadOnlyMemory<byte>? value, MessageParser<T> parser)
        where T : class, IMessage<T>
        => StoredMessages.TryRead(value, parser, out var stored, out _) ? stored.Message : null;
}
