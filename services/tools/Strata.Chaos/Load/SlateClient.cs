using System.Collections.Concurrent;
using Grpc.Core;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Chaos.Load;

/// <summary>
/// Asks for slates and looks at each: never empty, every number finite, no item that was deleted, probabilities that sum to 1.
/// </summary>
internal sealed class SlateClient(Fleet fleet, ViolationLog violations, int seed)
{
    private const double Tolerance = 1e-6;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<string, bool> _gone = new(StringComparer.Ordinal);

    public int Asked { get; private set; }

    public int Answered { get; private set; }

    /// <summary>Answers that said that something was away.</summary>
    public int Degraded { get; private set; }

    /// <summary>No slate may show this item any more.</summary>
    public void Forbid(string itemId) => _gone[itemId] = true;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] users = [.. Shoppers.Users, .. Enumerable.Range(0, 5).Select(user => $"{Shoppers.PassingPrefix}{user}"), "nobody"];
        using var tick = new PeriodicTimer(Interval);
        try
        {
            while (await tick.WaitForNextTickAsync(cancellationToken))
            {
                var user = users[_random.Next(users.Length)];
                Asked++;
                if (await AskAnyAsync(user, cancellationToken))
                {
                    Answered++;
                }
            }
        }
        catch (Exception ended) when (cancellationToken.IsCancellationRequested && ended is OperationCanceledException or RpcException)
        {
            // the end, of a call too
        }
    }

    /// <summary>A slate that knows the event of a token, without falling back on anything that is old; false: not yet.</summary>
    public static async Task<bool> KnowsAsync(ServiceInstance ranking, string user, string asOf, CancellationToken cancellationToken)
    {
        try
        {
            var slate = await new RankingClient(ranking.Calls).RecommendAsync(
                new RecommendRequest { UserId = user, AsOf = asOf, DryRun = true }, OptionsOf(cancellationToken));
            return slate.Items.Count > 0 && !slate.Degraded.Any(word => word is "stale" or "store-timeout" or "no-profile" or "no-layers");
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Looks at a slate.</summary>
    public void Look(string ranking, string user, RecommendResponse slate)
    {
        if (slate.Items.Count == 0)
        {
            violations.Add("no slate is empty", $"{ranking} for {user}, degraded: {string.Join(", ", slate.Degraded)}");
        }

        Degraded += slate.Degraded.Any(word => word is "stale" or "store-timeout") ? 1 : 0;
        foreach (var item in slate.Items)
        {
            if (_gone.ContainsKey(item.ItemId))
            {
                violations.Add("no slate has a deleted item", $"{ranking} shows {item.ItemId} to {user}");
            }

            double[] numbers =
                [item.Score, item.Propensity, item.Layer?.Probability ?? 0, .. item.Reason?.Contributions.Select(c => c.Value) ?? []];
            if (!numbers.All(double.IsFinite))
            {
                violations.Add("every number is finite", $"{ranking} for {user}: {item}");
            }
        }
    }

    /// <summary>Looks at a user's row.</summary>
    public void LookAt(string ranking, string user, GetUserLayersResponse answer)
    {
        var sum = answer.Layers.Sum(layer => layer.Probability);
        if (answer.Layers.Count > 0 && !(Math.Abs(sum - 1) <= Tolerance))
        {
            violations.Add("probabilities sum to 1", $"{ranking} for {user}: {sum:R}");
        }
    }

    /// <summary>The version of the layers that a slate is made with; 0: it did not answer.</summary>
    public static async Task<ulong> VersionAsync(ServiceInstance ranking, string user, CancellationToken cancellationToken)
    {
        try
        {
            var slate = await new RankingClient(ranking.Calls)
                .RecommendAsync(new RecommendRequest { UserId = user, DryRun = true }, OptionsOf(cancellationToken));
            return slate.LayerSetVersion;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static CallOptions OptionsOf(CancellationToken cancellationToken)
        => new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Deadline, cancellationToken: cancellationToken);

    private async Task<bool> AskAnyAsync(string user, CancellationToken cancellationToken)
    {
        var instances = fleet.Of("Ranking");
        var first = _random.Next(instances.Count);
        for (var i = 0; i < instances.Count; i++)
        {
            if (await AskAsync(instances[(first + i) % instances.Count], user, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> AskAsync(ServiceInstance ranking, string user, CancellationToken cancellationToken)
    {
        try
        {
            var slate = await new RankingClient(ranking.Calls)
                .RecommendAsync(new RecommendRequest { UserId = user }, OptionsOf(cancellationToken));
            Look(ranking.Name, user, slate);
            if (_random.Next(10) == 0)
            {
                var layers = await new Layers.LayersClient(ranking.Calls)
                    .GetUserLayersAsync(new GetUserLayersRequest { UserId = user }, OptionsOf(cancellationToken));
                LookAt(ranking.Name, user, layers);
            }

            return true;
        }
        catch (RpcException fault) when (!cancellationToken.IsCancellationRequested)
        {
            if (fault.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
                && fault.Status.DebugException is null)
            {
                violations.Add("Ranking answers", $"{ranking.Name} for {user}: {fault.StatusCode}: {fault.Status.Detail}");
            }

            return false;
        }
    }
}
