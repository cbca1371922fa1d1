using BitFaster.Caching.Lru;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Profiles.Core;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles;

/// <summary>
/// Item features, through a short-lived memory shared by the partitions of the process. An item may be unknown because its features are
/// still on their way: then it is waited for, within a patience that shrinks by half with each wait in vain, so that items that never come
/// do not hold up the stream. A wait that was worth it, or a time without any in vain, restores it.
/// </summary>
internal sealed class ItemFeaturesSource(IStateStore store, TimeProvider time, IOptions<ProfilesOptions> options, ProfilesMetrics metrics)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentLru<string, (ItemFeatures Features, long Read)> _known = new(options.Value.CachedItems);
    private readonly ConcurrentLru<string, long> _missed = new(options.Value.CachedItems);
    private TimeSpan _patience = options.Value.ItemPatience;
    private long _waitedInVain;

    /// <summary>The features of items by id; those that stay unknown are left out.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ItemFeatures>> FindAsync(
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ItemFeatures>(ids.Count, StringComparer.Ordinal);
        var wanted = new List<string>();
        foreach (var id in ids)
        {
            if (_known.TryGet(id, out var known) && time.GetElapsedTime(known.Read) < options.Value.ItemLifetime)
            {
                found[id] = known.Features;
            }
            else
            {
                wanted.Add(id);
            }
        }

        await ReadAsync(wanted, found, cancellationToken);
        wanted.RemoveAll(id => _missed.TryGet(id, out var missed) && time.GetElapsedTime(missed) < options.Value.MissMemory);
        if (wanted.Count > 0)
        {
            await WaitAsync(wanted, found, cancellationToken);
        }

        return found;
    }

    private async ValueTask WaitAsync(List<string> wanted, Dictionary<string, ItemFeatures> found, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var patience = time.GetElapsedTime(_waitedInVain) < options.Value.MissMemory ? _patience : options.Value.ItemPatience;
        var asked = wanted.Count;
        var delay = FirstDelay;
        for (var left = patience; wanted.Count > 0 && left > TimeSpan.Zero; left = patience - time.GetElapsedTime(started))
        {
            await Task.Delay(delay < left ? delay : left, time, cancellationToken);
            await ReadAsync(wanted, found, cancellationToken);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }

        foreach (var id in wanted)
        {
            _missed.AddOrUpdate(id, time.GetTimestamp());
        }

        var inVain = wanted.Count == asked;
        _patience = inVain ? patience / 2 : options.Value.ItemPatience;
        _waitedInVain = inVain ? time.GetTimestamp() : _waitedInVain;
        metrics.Waited(time.GetElapsedTime(started), wanted.Count);
    }

    /// <summary>Moves what is stored now from wanted to found.</summary>
    private async ValueTask ReadAsync(List<string> wanted, Dictionary<string, ItemFeatures> found, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var values = await store.ReadMessagesAsync([.. wanted.Select(Keys.Item)], ItemFeatures.Parser, cancellationToken);
        var missing = new List<string>();
        for (var i = 0; i < wanted.Count; i++)
        {
            if (values[i].Message is not { } features)
            {
                missing.Add(wanted[i]);
                continue;
            }

            _known.AddOrUpdate(wanted[i], (features, time.GetTimestamp()));
            _missed.TryRemove(wanted[i]);
            found[wanted[i]] = features;
        }

        wanted.Clear();
        wanted.AddRange(missing);
    }
}
