using Grpc.Core;
using Strata.Contracts.Ranking.V1;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Traffic;

/// <summary>
/// Asks for slates. On a machine that is short of time the pipeline may need longer for a user's newest event than one call waits: then it
/// is asked again.
/// </summary>
internal sealed class SlateReader(RankingClient ranking, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FirstSlateBudget = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ReadBudget = TimeSpan.FromMinutes(5);

    /// <summary>A slate that knows the event that the request's token names.</summary>
    public async Task<RecommendResponse> ReadAsync(RecommendRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ranking.RecommendAsync(request, cancellationToken: cancellationToken);
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.DeadlineExceeded && time.GetElapsedTime(started) < ReadBudget)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>Waits until a slate from layers comes out.</summary>
    /// <exception cref="TimeoutException">None does.</exception>
    public async Task WaitForLayersAsync(string userId, CancellationToken cancellationToken)
    {
        var request = new RecommendRequest { UserId = userId, DryRun = true };
        var started = time.GetTimestamp();
        while (!IsFromLayers(await ranking.RecommendAsync(request, cancellationToken: cancellationToken)))
        {
            if (time.GetElapsedTime(started) > FirstSlateBudget)
            {
                throw new TimeoutException($"No slate from layers within {FirstSlateBudget}.");
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private static bool IsFromLayers(RecommendResponse slate) => slate.Items.Any(item => item.Layer is { LayerId: > 0 });
}
