using Grpc.Core;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Client;

/// <summary>
/// Puts items into the catalogue and takes them out. A call that may succeed later is made again: items have ids, so it counts once.
/// </summary>
public sealed class ItemWriter
{
    private const int MostItems = 1_000;
    private const int MostBytes = 1 << 20;
    private const int Tries = 6;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly Ingestion.IngestionClient _calls;
    private readonly TimeProvider _time;
    private readonly RetryDelays _delays = new(new Random());

    internal ItemWriter(Ingestion.IngestionClient calls, TimeProvider? time = null)
    {
        _calls = calls;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Puts items, or new versions of them, in calls of at most 1,000 items and about 1 MiB, one after the other.</summary>
    /// <returns>Number of items put.</returns>
    /// <exception cref="RpcException">
    /// A call was refused, or did not succeed within six tries. The calls before it are in; of its own items all are, or none.
    /// </exception>
    public async Task<int> PutAsync(IEnumerable<Item> items, CancellationToken cancellationToken = default)
    {
        var count = 0;
        var request = new PutItemsRequest();
        var bytes = 0;
        foreach (var item in items ?? throw new ArgumentNullException(nameof(items)))
        {
            var size = item.CalculateSize();
            if (request.Items.Count == MostItems || (request.Items.Count > 0 && bytes + size > MostBytes))
            {
                count += await PutAsync(request, cancellationToken).ConfigureAwait(false);
                request = new PutItemsRequest();
                bytes = 0;
            }

            request.Items.Add(item);
            bytes += size;
        }

        return request.Items.Count == 0 ? count : count + await PutAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an item out; one that is not there may be taken out too.</summary>
    /// <exception cref="RpcException">The call was refused, or did not succeed within six tries.</exception>
    public async Task DeleteAsync(string itemId, CancellationToken cancellationToken = default)
        => await RunAsync(
            options => _calls.DeleteItemAsync(new DeleteItemRequest { ItemId = itemId }, options), cancellationToken).ConfigureAwait(false);

    private async Task<int> PutAsync(PutItemsRequest request, CancellationToken cancellationToken)
        => (int)(await RunAsync(options => _calls.PutItemsAsync(request, options), cancellationToken).ConfigureAwait(false)).Count;

    private async Task<T> RunAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + CallTimeout; // the wall clock's
            try
            {
                return await call(new CallOptions(deadline: deadline, cancellationToken: cancellationToken)).ConfigureAwait(false);
            }
            catch (RpcException fault) when (tries < Tries && RetryDelays.IsWorthIt(fault))
            {
                await _time.DelayAsync(_delays.After(tries, fault), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
