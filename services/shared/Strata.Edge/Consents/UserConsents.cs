using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Publishing;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Edge.Consents;

/// <summary>
/// What users allow: the newest record of strata.consents.v1 under the newest name that has one, else what is configured. Keeps 64-bit
/// hashes, so that a process does not hold the ids of those who want nothing held.
/// </summary>
public sealed class UserConsents(IOptions<ConsentOptions> options, UserNames names) : ITableHandler
{
    /// <summary>Name of the table in settings, health and metrics.</summary>
    public const string TableName = "consents";

    private readonly ConcurrentDictionary<ulong, (bool? Store, bool? Personalise)> _said = new();
    private readonly ConcurrentDictionary<int, long> _next = new();
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))); // nobody can aim at another's hash
    private volatile bool _complete;

    /// <summary>True once the topic has been read to the end that it had at the start.</summary>
    public bool IsComplete => _complete;

    /// <summary>What a user allows; without storing nothing is personal either.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: it is still being read after a start.</exception>
    public (bool Store, bool Personalise) Of(string userId)
    {
        if (!_complete)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, "What users consent to is still being read after a start. Try again."));
        }

        var (store, personalise) = (default(bool?), default(bool?));
        foreach (var name in names.AllOf(userId))
        {
            if (_said.TryGetValue(Hash(name), out var said))
            {
                (store, personalise) = said;
                break;
            }
        }

        var stores = store ?? options.Value.Store;
        return (stores, stores && (personalise ?? options.Value.Personalise));
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var record in batch)
        {
            Apply(record);
            _next[record.Partition] = record.Offset + 1;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>True once a record of the topic is known here.</summary>
    public bool HasRead(PublishedPosition position) => _next.GetValueOrDefault(position.Partition) > position.Offset;

    /// <inheritdoc/>
    public void CaughtUp() => _complete = true;

    private void Apply(StreamRecord record)
    {
        if (record.Key is not { } name)
        {
            return;
        }

        if (record.Value is null)
        {
            _said.TryRemove(Hash(name), out _);
        }
        else if (record.TryParse(Consent.Parser, out var said, out var reason))
        {
            _said[Hash(name)] = (said.HasStore ? said.Store : null, said.HasPersonalise ? said.Personalise : null);
        }
        else
        {
            record.Skip(reason);
        }
    }

    private ulong Hash(string name) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan()), _seed);
}
