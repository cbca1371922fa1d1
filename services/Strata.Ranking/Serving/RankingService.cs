using System.IO.Hashing;
using System.Runtime.InteropServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring;
using Strata.Ranking.Slates;
using RankingBase = Strata.Contracts.Ranking.V1.Ranking.RankingBase;

namespace Strata.Ranking.Serving;

/// <summary>Serves slates and explains them: read the user, rank, place, answer, hand the impression over.</summary>
internal sealed class RankingService(
    Recommender recommender, UserReader users, IImpressionLog impressions, IOptions<SlateOptions> slates, ServingMetrics metrics, TimeProvider time) : RankingBase
{
    private readonly SlateOptions _slates = slates.Value;

    public override async Task<RecommendResponse> Recommend(RecommendRequest request, ServerCallContext context)
    {
        var (count, asOf) = RequestRules.Check(request);
        var started = time.GetTimestamp();
        var user = asOf is { } token
            ? await users.ReadAsOfAsync(request.UserId, token, context.CancellationToken)
            : await users.ReadAsync(request.UserId, context.CancellationToken);
        metrics.Stage("read", time.GetElapsedTime(started));

        started = time.GetTimestamp();
        var nowMs = StreamTime.NowMs(recommender.View, user.State, time);
        var policy = recommender.Policy;
        using var candidates = recommender.Gather(user.State, new RequestTerms(request.AllowRepeats, request.ExcludeItemIds), policy, nowMs);
        metrics.Stage("rank", time.GetElapsedTime(started));
        metrics.Candidates(candidates.Count);

        started = time.GetTimestamp();
        var response = new RecommendResponse
        {
            RequestId = Guid.CreateVersion7(time.GetUtcNow()).ToString("n"),
            LayerSetVersion = candidates.View.Layers.Version,
            PolicyVersion = policy.Version,
        };
        var layers = LayerDistribution.For(candidates.View, candidates.History, user.State, policy, _slates, candidates.NowMs);
        var slate = SlateBuilder.Build(
            candidates, layers, count, request.DryRun ? 0 : _slates.Exploration, _slates.Diversity, new Random(SeedOf(response.RequestId)), _slates.Boost);
        for (var position = 0; position < slate.Count; position++)
        {
            response.Items.Add(Recommendation.Describe(candidates, policy, layers, slate[position], position));
        }

        response.Degraded.AddRange(Recommendation.DegradationsOf(candidates, policy, user.Answered));
        foreach (var fallback in response.Degraded)
        {
            metrics.Degraded(fallback);
        }

        if (!request.DryRun && slate.Count > 0)
        {
            impressions.Log(Recommendation.ImpressionOf(candidates, policy, response, slate, request.UserId));
        }

        metrics.Stage("slate", time.GetElapsedTime(started));
        return response;
    }

    public override async Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        RequestRules.Check(request);
        var user = await users.RequireAsync(request.UserId, context.CancellationToken);
        var policy = recommender.Policy;
        using var candidates = recommender.Gather(user, RequestTerms.Usual, policy, StreamTime.NowMs(recommender.View, user, time));
        var item = candidates.View.IndexOf(request.ItemId);
        if (item < 0 || !candidates.View.IsAlive(item, candidates.NowMs))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"item_id: no item '{request.ItemId}' is in the catalogue; put it with Ingestion.PutItems first"));
        }

        var rank = RankOf(candidates, item);
        var candidate = Recommender.Include(candidates, item, policy);
        var layers = LayerDistribution.For(candidates.View, candidates.History, user, policy, _slates, candidates.NowMs);
        var placed = new PlacedItem(candidate, item, candidates.View.Assignment.SlotOf(item), Propensity: 0, Exploration: false);
        var response = new ExplainResponse { Item = Recommendation.Describe(candidates, policy, layers, placed, Math.Max(0, rank)), Rank = rank };
        response.Contributions.AddRange(Explainer.Explain(candidates, policy, candidate).Contributions);
        return response;
    }

    /// <summary>Seed of a slate's random numbers: whoever has the request id can draw them again.</summary>
    internal static int SeedOf(string requestId) => (int)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(requestId.AsSpan()));

    private static int RankOf(CandidateSet candidates, int item)
    {
        var candidate = candidates.CandidateOf(item);
        if (candidate < 0)
        {
            return -1;
        }

        var better = 0;
        for (var other = 0; other < candidates.Count; other++)
        {
            better += candidates.ScoreOf(other) > candidates.ScoreOf(candidate) ? 1 : 0;
        }

        return better;
    }
}
