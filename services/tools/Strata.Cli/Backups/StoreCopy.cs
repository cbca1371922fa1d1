using StackExchange.Redis;
using Strata.Cli.Backups.Core;
using Strata.Contracts;

namespace Strata.Cli.Backups;

/// <summary>Copies what lasts in the store into a file, and back.</summary>
internal sealed class StoreCopy(IConnectionMultiplexer store)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "store";

    private const int AtOnce = 256;
    private const string CountsOfTerms = "df:";

    // Positions once more, on the nodes of a cluster: a restored one has none until its owner writes.
    private const string Copies = "{*}:copy:" + Keys.PositionPrefix + "*";

    // Positions first, and of items before their counts of terms: what is written meanwhile is newer than the positions say, and terms that
    // are counted are not counted again, though their item is not written yet.
    private static readonly string[] Patterns =
        [Keys.PositionPrefix + "*", "{u:*", "item:*", "forgotten:*", "quarantine:*", CountsOfTerms + "*"];

    /// <summary>What was ordered of the owners and not done yet: it goes with what was there.</summary>
    private static readonly string[] Orders = ["rebuild:*", "rebuild-draft:*", Copies];

    private readonly IDatabase _redis = store.GetDatabase();

    /// <summary>Whether anything of Strata lies in the store.</summary>
    public async Task<bool> IsEmptyAsync()
    {
        await foreach (var _ in KeysAsync([.. Patterns, Copies]))
        {
            return false;
        }

        return true;
    }

    /// <summary>Removes all of Strata from the store.</summary>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        await foreach (var keys in ChunksAsync(KeysAsync([.. Patterns, .. Orders])).WithCancellation(cancellationToken))
        {
            await Task.WhenAll(keys.Select(key => _redis.KeyDeleteAsync(key)));
        }
    }

    /// <summary>Writes all values; returns how many.</summary>
    public async Task<long> SaveAsync(BinaryWriter writer, Action<int> tell, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var pattern in Patterns)
        {
            await foreach (var keys in ChunksAsync(KeysAsync([pattern])).WithCancellation(cancellationToken))
            {
                var values = await Task.WhenAll(keys.Select(ReadAsync));
                foreach (var (key, fields, expiry) in values.Where(value => value.Fields.Count > 0))
                {
                    writer.Write(key);
                    writer.Write7BitEncodedInt64(expiry?.ToUnixTimeMilliseconds() ?? 0);
                    writer.Write7BitEncodedInt(fields.Count);
                    foreach (var (name, bytes) in fields)
                    {
                        writer.Write(name);
                        writer.Write7BitEncodedInt(bytes.Length);
                        writer.Write(bytes);
                    }

                    count++;
                }

                tell((int)Math.Min(count, int.MaxValue));
            }
        }

        return count;
    }

    /// <summary>Writes all values of a file back, with their places in logs moved. What has expired meanwhile stays away.</summary>
    public async Task LoadAsync(
        DirectoryInfo folder, BackupFile file, LogMoves moves, Action<int> tell, CancellationToken cancellationToken)
    {
        using var reader = EntryFile.Open(folder, file.Name);
        var writes = new List<Task>(AtOnce);
        for (var entry = 0L; entry < file.Entries; entry++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (key, expires) = (reader.ReadString(), reader.Read7BitEncodedInt64());
            var fields = new HashEntry[reader.Read7BitEncodedInt()];
            for (var i = 0; i < fields.Length; i++)
            {
                var (name, bytes) = (reader.ReadString(), reader.ReadBytes(reader.Read7BitEncodedInt()));
                fields[i] = new HashEntry(
                    name, name.Length == 0 ? ValueMoves.Apply(key, bytes, moves) : ValueMoves.ApplyField(name, bytes, moves));
            }

            writes.Add(WriteAsync(key, fields, expires == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(expires)));
            if (writes.Count == AtOnce)
            {
                await Task.WhenAll(writes);
                writes.Clear();
                tell((int)Math.Min(entry, int.MaxValue));
            }
        }

        await Task.WhenAll(writes);
    }

    // A value that is no hash is one field without a name.
    private async Task<(string Key, IReadOnlyList<(string Name, byte[] Bytes)> Fields, DateTimeOffset? Expiry)> ReadAsync(string key)
    {
        if (key.StartsWith(CountsOfTerms, StringComparison.Ordinal))
        {
            var entries = await _redis.HashGetAllAsync(key);
            return (key, [.. entries.Select(entry => ((string)entry.Name!, (byte[])entry.Value!))], null);
        }

        var read = await _redis.StringGetWithExpiryAsync(key);
        return (
            key,
            (byte[]?)read.Value is { } bytes ? [("", bytes)] : [],
            read.Expiry is { } left ? TimeProvider.System.GetUtcNow() + left : null);
    }

    private Task WriteAsync(string key, HashEntry[] fields, DateTimeOffset? expiry)
    {
        if (fields is not [{ Name.IsNullOrEmpty: true }])
        {
            return _redis.HashSetAsync(key, fields);
        }

        return expiry is not { } end ? _redis.StringSetAsync(key, fields[0].Value)
            : end - TimeProvider.System.GetUtcNow() is var left && left > TimeSpan.Zero ? _redis.StringSetAsync(key, fields[0].Value, left)
            : Task.CompletedTask;
    }

    private async IAsyncEnumerable<string> KeysAsync(IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            foreach (var server in Masters())
            {
                await foreach (var key in server.KeysAsync(pattern: pattern, pageSize: 1000))
                {
                    yield return key.ToString();
                }
            }
        }

        Masters(); // one that went away meanwhile has not shown its keys
    }

    private List<IServer> Masters()
    {
        List<IServer> masters = [.. store.GetServers().Where(server => !server.IsReplica)];
        return masters.Find(server => !server.IsConnected) is { } away
            ? throw new TimeoutException($"The store at {away.EndPoint} does not answer")
            : masters;
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> ChunksAsync(IAsyncEnumerable<string> keys)
    {
        var chunk = new List<string>(AtOnce);
        await foreach (var key in keys)
        {
            chunk.Add(key);
            if (chunk.Count == AtOnce)
            {
                yield return chunk;
                chunk = new List<string>(AtOnce);
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }
}
