using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Users;

namespace Strata.Ranking.Serving.Streams;

/// <summary>
/// Sends a user's slate, and another one whenever it is another: looks at the user and the catalogue at a pace, and makes the slate anew
/// where either changed. Ends with OK when the process is told to stop, and at the streams' age.
/// </summary>
internal sealed class SlateStreams(
    UserReader users,
    Recommender recommender,
    StreamSeats seats,
    IOptions<StreamsOptions> options,
    IHostApplicationLifetime lifetime,
    StreamsMetrics metrics,
    TimeProvider time)
{
    /// <summary>Runs a stream to its end.</summary>
    /// <param name="call">The slate that is asked for, checked.</param>
    /// <param name="caller">Who calls; null where nobody says who they are.</param>
    /// <param name="slateAsync">Makes a slate.</param>
    /// <param name="answers">Where slates go.</param>
    /// <param name="cancellationToken">Of the call: its deadline, or its caller, ends it.</param>
    public async Task RunAsync(
        RecommendRequest call,
        string? caller,
        Func<RecommendRequest, CancellationToken, Task<RecommendResponse>> slateAsync,
        IServerStreamWriter<RecommendStreamResponse> answers,
        CancellationToken cancellationToken)
    {
        using var seat = seats.Take(caller);
        using var age = new CancellationTokenSource(options.Value.MaxAge, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, age.Token, lifetime.ApplicationStopping);
        try
        {
            await FollowAsync(call, slateAsync, answers, end.Token, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && end.IsCancellationRequested)
        {
            // The process stops, or the stream is old: the caller comes again.
        }
    }

    private async Task FollowAsync(
        RecommendRequest call,
        Func<RecommendRequest, CancellationToken, Task<RecommendResponse>> slateAsync,
        IServerStreamWriter<RecommendStreamResponse> answers,
        CancellationToken end,
        CancellationToken cancellationToken)
    {
        // The first slate comes however late it is. A write that is cancelled would reset the call, so none is by the stream's own end.
        // Chance would make another slate of each. Whoever watches has seen most of the later ones: their impressions are not logged.
        var first = new RecommendRequest(call) { Exploration = false };
        var later = new RecommendRequest(first) { AsOf = "", DryRun = true };
        var known = await LookAsync(call.UserId, cancellationToken);
        var shown = await slateAsync(first, cancellationToken);
        await answers.WriteAsync(SlateChange.Between(null, shown)!, cancellationToken);
        metrics.Sent();
        for (var sent = time.GetTimestamp(); ;)
        {
            await Task.Delay(options.Value.Pace, time, end);
            var look = await LookAsync(call.UserId, end);
            var isDue = time.GetElapsedTime(sent) >= options.Value.KeepAlive;
            if (look == known && !isDue)
            {
                continue;
            }

            var slate = await slateAsync(later, end);
            var isGood = !slate.Degraded.Contains(Degradations.StoreTimeout);
            known = isGood ? look : known;
            if (isGood && SlateChange.Between(shown, slate) is { } change)
            {
                shown = slate;
                await answers.WriteAsync(change, cancellationToken);
                metrics.Sent();
            }
            else if (isDue)
            {
                await answers.WriteAsync(new RecommendStreamResponse(), cancellationToken);
            }
            else
            {
                continue;
            }

            sent = time.GetTimestamp();
        }
    }

    // Equal as long as nothing happened that a slate could follow.
    private async ValueTask<(RankingMoment Moment, UserReading User)> LookAsync(string userId, CancellationToken cancellationToken)
    {
        var user = await users.ReadAsync(userId, null, cancellationToken);
        return (recommender.Now, user);
    }
}
