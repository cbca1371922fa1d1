using System.Collections.Concurrent;
using Google.Rpc;
using Grpc.Core;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Chaos.Load;

/// <summary>A producer that does as it is told: it sends again after the time that the answer names, until it is acknowledged.</summary>
internal sealed class Producer(Fleet fleet, Shoppers shoppers, ViolationLog violations, double rate)
{
    /// <summary>Events under way at once; those of one user keep their order no better than several producers do.</summary>
    private const int Workers = 4;

    private const int KeptForDuplicates = 200;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsualDelay = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<UserEvent> _recent = new();
    private int _turn;
    private int _retries;

    /// <summary>Ids of the events that were acknowledged.</summary>
    public ConcurrentQueue<string> Acknowledged { get; } = new();

    /// <summary>Times that an event was sent again.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>The last events that were acknowledged.</summary>
    public IReadOnlyList<UserEvent> Recent => [.. _recent];

    /// <summary>Sends events at the rate until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
        => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(cancellationToken), CancellationToken.None)));

    /// <summary>Sends one event until it is acknowledged; its token, or null when it is refused as it must be.</summary>
    public async Task<string?> PublishAsync(UserEvent act, CancellationToken cancellationToken)
    {
        var answer = await PersistAsync(
            async (client, options) => await client.PublishEventAsync(new PublishEventRequest { Event = act }, options), cancellationToken);
        if (answer is not null)
        {
            Acknowledged.Enqueue(act.EventId);
            _recent.Enqueue(act);
            while (_recent.Count > KeptForDuplicates)
            {
                _recent.TryDequeue(out _);
            }
        }

        return answer?.AsOf;
    }

    public Task PutItemsAsync(IEnumerable<Item> items, CancellationToken cancellationToken)
    {
        var request = new PutItemsRequest();
        request.Items.AddRange(items);
        return PersistAsync(async (client, options) => await client.PutItemsAsync(request, options), cancellationToken);
    }

    public Task PutUsersAsync(IEnumerable<UserAttributes> users, CancellationToken cancellationToken)
    {
        var request = new PutUsersRequest();
        request.Users.AddRange(users);
        return PersistAsync(async (client, options) => await client.PutUsersAsync(request, options), cancellationToken);
    }

    public Task DeleteItemAsync(string itemId, CancellationToken cancellationToken)
        => PersistAsync(
            async (client, options) => await client.DeleteItemAsync(new DeleteItemRequest { ItemId = itemId }, options), cancellationToken);

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(Workers / rate));
        try
        {
            while (await tick.WaitForNextTickAsync(cancellationToken))
            {
                await PublishAsync(shoppers.Next(TimeProvider.System.GetUtcNow()), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // An event under way may be in the log or not: nobody was promised it.
        }
    }

    private async Task<T?> PersistAsync<T>(
        Func<IngestionClient, CallOptions, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var instances = fleet.Of("Ingestion");
            var instance = instances[(int)((uint)Interlocked.Increment(ref _turn) % instances.Count)];
            var clockWasWrong = instance.IsClockWrong;
            try
            {
                return await call(
                    new IngestionClient(instance.Calls),
                    new CallOptions(
                        deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Deadline, cancellationToken: cancellationToken));
            }
            catch (RpcException fault) when (fault.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted
                or StatusCode.DeadlineExceeded or StatusCode.Cancelled || IsCutConnection(fault))
            {
                Interlocked.Increment(ref _retries);
                await Task.Delay(DelayOf(fault), cancellationToken);
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.InvalidArgument && (clockWasWrong || instance.IsClockWrong))
            {
                // Whose clock is hours behind takes now for the future; the event is sent again.
                Interlocked.Increment(ref _retries);
                await Task.Delay(UsualDelay, cancellationToken);
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.FailedPrecondition)
            {
                return null; // an item that was deleted meanwhile
            }
            catch (RpcException fault)
            {
                violations.Add("Ingestion answers", $"{fault.StatusCode}: {fault.Status.Detail}");
                await Task.Delay(UsualDelay, cancellationToken);
            }
        }
    }

    // A process that is killed within a call leaves half an answer.
    private static bool IsCutConnection(RpcException fault)
        => fault.StatusCode == StatusCode.Internal && fault.Status.DebugException is IOException or HttpRequestException;

    private static TimeSpan DelayOf(RpcException fault)
        => fault.Trailers.GetValueBytes("grpc-status-details-bin") is { } details
            && Google.Rpc.Status.Parser.ParseFrom(details).Details.FirstOrDefault(detail => detail.Is(RetryInfo.Descriptor)) is { } retry
                ? retry.Unpack<RetryInfo>().RetryDelay.ToTimeSpan()
                : UsualDelay;
}
