using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Holdings.Core;
using Strata.Ranking.Index.Core;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;

namespace Strata.Ranking.Holdings;

/// <summary>Gives slates back as they were shown, from the log of impressions.</summary>
internal sealed class ShownSlates(
    UserLook look, UserNames names, Catalogue catalogue, IPartitionReader logs, ITopics topics, TimeProvider time)
    : IDisposable
{
    // A search reads up to a quarter of an hour of a partition, in the process that serves.
    private const int AtOnce = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Impressions are gathered, wait for a broker that is away, and carry the time of serving: in the log they stand a little out of order.
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>
    /// The slate of a request. NOT_FOUND where the log has none of this user, RESOURCE_EXHAUSTED where others are being looked for.
    /// </summary>
    public async Task<GetShownSlateResponse> GetAsync(string userId, string requestId, CancellationToken cancellationToken)
    {
        // What is no id of ours costs nobody a turn.
        if (RequestTimes.Of(requestId) is not { } served || served > time.GetUtcNow() + Before)
        {
            throw None(requestId);
        }

        if (!await _turns.WaitAsync(Patience, cancellationToken))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"{AtOnce} slates are being looked for already, each in a part of a log: ask again in a moment"));
        }

        try
        {
            return await FindAsync(userId, requestId, served, cancellationToken) ?? throw None(requestId);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static RpcException None(string requestId) => new(new Status(
        StatusCode.NotFound,
        $"request_id: '{requestId}' is no slate that was shown to this user and is kept; send one that Recommend gave them, "
        + $"of the days that {Topics.Impressions} is kept"));

    private async Task<GetShownSlateResponse?> FindAsync(
        string userId, string requestId, DateTimeOffset served, CancellationToken cancellationToken)
    {
        var held = await look.StoreAsync(userId, cancellationToken);
        if (held.Any(value => value.WasForgottenAfter(served)))
        {
            return null;
        }

        foreach (var name in names.AllOf(userId))
        {
            if (await ReadAsync(name, requestId, served, cancellationToken) is { } impression)
            {
                return ShownSlate.Of(impression, served, catalogue.Current);
            }
        }

        return null;
    }

    private async ValueTask<Impression?> ReadAsync(
        string name, string requestId, DateTimeOffset served, CancellationToken cancellationToken)
    {
        var partition = KeyPartitioner.PartitionOf(name, await topics.PartitionsAsync(Topics.Impressions, cancellationToken));
        await foreach (var record in logs.ReadSinceAsync(Topics.Impressions, partition, served - Before, cancellationToken))
        {
            if (record.Key == name
                && record.TryParse(Impression.Parser, out var impression, out _)
                && impression.RequestId == requestId)
            {
                return impression;
            }

            if (record.Timestamp > served + After)
            {
                break;
            }
        }

        return null;
    }
}
