using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Impressions;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;
using RankingBase = Strata.Contracts.Ranking.V1.Ranking.RankingBase;

namespace Strata.Ranking.Serving;

/// <summary>Serves slates and explains them. <see cref="Recommend"/> names the stages of a request in their order.</summary>
internal sealed class RankingService(
    Recommender recommender,
    UserReader users,
    IImpressionLog impressions,
    IOptions<SlateOptions> slates,
    ServingMetrics metrics,
    IBrokerContact broker,
    IStoreContact store,
    TimeProvider time) : RankingBase
{
    private readonly SlateOptions _slates = slates.Value;

    [Authorize(Scopes.Read)]
    public override async Task<RecommendResponse> Recommend(RecommendRequest call, ServerCallContext context)
    {
        var (count, asOf) = RequestRules.Check(call);
        var stages = metrics.Start(time);

        // Read the user.
        var user = await users.ReadAsync(call.UserId, asOf, context.CancellationToken);
        stages.End("read");

        // Take the catalogue and the policy, once, and resolve the user against them.
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var nowMs = StreamTime.NowMs(moment.View, user.State, wallClock);
        var constraints = new RequestConstraints(call.AllowRepeats, call.ExcludeItemIds, wallClock.ToUnixTimeMilliseconds());
        using var request = recommender.Resolve(moment, user.State, constraints, nowMs);

        // Filters, sources, candidates; features; scores.
        recommender.Gather(request);
        FeatureExtractor.Extract(request);
        Scorer.Score(request, moment.Policy);
        stages.End("rank");
        metrics.Gathered(request);

        // Place.
        var requestId = Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
        var layers = LayerDistribution.For(request, request.User, moment.Policy, _slates);
        var shown = IsShown(call, context) && !users.IsStranger(call.UserId);
        var (exploration, random) = (shown ? _slates.Exploration : 0, SlateSeed.RandomOf(requestId));
        var slate = SlateBuilder.Build(request, layers, count, exploration, _slates, random);

        // Explain.
        var response = Recommendation.Describe(request, moment.Policy, layers, slate, requestId);
        var stale = broker.IsAway || store.Refusal is not null || store.IsRebuilding;
        response.Degraded.AddRange(Recommendation.DegradationsOf(request, user, stale));

        // Side effects.
        metrics.Degraded(response.Degraded);
        if (shown && slate.Count > 0)
        {
            impressions.Log(ImpressionRecord.Of(request, moment.Policy, response, slate, call.UserId));
        }

        stages.End("slate");
        return response;
    }

    private static bool IsShown(RecommendRequest call, ServerCallContext context)
        => !call.DryRun && (call.HasLogImpression ? call.LogImpression : context.GetHttpContext().Request.Method != HttpMethods.Get);

    [Authorize(Scopes.Read)]
    public override async Task<ExplainResponse> Explain(ExplainRequest call, ServerCallContext context)
    {
        RequestRules.Check(call);
        var user = await users.RequireAsync(call.UserId, context.CancellationToken);
        var moment = recommender.Now;
        var nowMs = StreamTime.NowMs(moment.View, user, time.GetUtcNow());
        var constraints = RequestConstraints.Usual with { CreatedByMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        using var request = recommender.Rank(moment, user, constraints, nowMs);
        var item = request.View.IndexOf(call.ItemId);
        if (item < 0 || !request.IsAlive(item))
        {
            throw new RpcException(new Status(
                StatusCode.NotFound, $"item_id: no item '{call.ItemId}' is in the catalogue; put it with Ingestion.PutItems first"));
        }

        var rank = Recommendation.RankOf(request, item);
        var candidate = Recommender.Include(request, item, moment.Policy);
        var layers = LayerDistribution.For(request, user, moment.Policy, _slates);
        var placed = new PlacedItem(candidate, item, request.View.Assignment.SlotOf(item), Propensity: 0, Exploration: false);
        var response = new ExplainResponse
        {
            Item = Recommendation.Describe(request, moment.Policy, layers, placed, Math.Max(0, rank)),
            Rank = rank,
        };
        response.Contributions.AddRange(Explainer.Explain(request, moment.Policy, candidate).Contributions);
        return response;
    }
}
