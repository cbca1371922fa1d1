using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Impressions;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Lookups;
using Strata.Ranking.Queries;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;
using RankingBase = Strata.Contracts.Ranking.V1.Ranking.RankingBase;

namespace Strata.Ranking.Serving;

/// <summary>Serves slates and explains them. <see cref="Recommend"/> names the stages of a request in their order.</summary>
internal sealed class RankingService(
    Recommender recommender,
    UserReader users,
    IQueryTexts texts,
    IImpressionLog impressions,
    IOptions<SlateOptions> slates,
    ServingMetrics metrics,
    IBrokerContact broker,
    IStoreContact store,
    TimeProvider time) : RankingBase
{
    private readonly SlateOptions _slates = slates.Value;
    private readonly ConcurrentBag<CatalogueSearch> _searches = [];

    [Authorize(Scopes.Read)]
    public override async Task<RecommendResponse> Recommend(RecommendRequest call, ServerCallContext context)
    {
        var (count, asOf) = RequestRules.Check(call);
        var stages = metrics.Start(time);

        // Read the user.
        var query = await DescribeAsync(call.Query, context.CancellationToken);
        var user = await users.ReadAsync(call.UserId, asOf, context.CancellationToken);
        stages.End("read");

        // Take the catalogue and the policy, once, and resolve the user, as the session has them, against them.
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var nowMs = StreamTime.NowMs(moment.View, user.State, wallClock);
        var state = SessionState.With(user.State, call.ContextItemIds, query, nowMs);
        using var request = recommender.Resolve(moment, state, ConstraintsOf(call, wallClock), nowMs);

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
        var (exploration, random) = (shown && call is not { HasExploration: true, Exploration: false } ? _slates.Exploration : 0,
            SlateSeed.RandomOf(requestId));
        var slate = SlateBuilder.Build(request, layers, count, exploration, _slates, random);

        // Explain.
        var response = Recommendation.Describe(request, moment.Policy, layers, slate, requestId, call.Explain);
        response.Degraded.AddRange(Recommendation.DegradationsOf(request, user, IsStale, slate));
        response.Degraded.AddRange(query is null && IsAsked(call.Query) ? [Degradations.QueryUnread] : []);

        // Side effects.
        metrics.Degraded(response.Degraded);
        if (shown && slate.Count > 0)
        {
            impressions.Log(ImpressionRecord.Of(request, moment.Policy, response, slate, call.UserId, call.Placement));
        }

        stages.End("slate");
        return response;
    }

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
            throw NotFound("item_id", $"no item '{call.ItemId}' is in the catalogue; put it with Ingestion.PutItems first");
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

    [Authorize(Scopes.Read)]
    public override async Task<ExplainNotResponse> ExplainNot(ExplainNotRequest call, ServerCallContext context)
    {
        var count = RequestRules.Check(call);
        var asked = call.Slate ?? new RecommendRequest();
        var user = await users.RequireAsync(call.UserId, context.CancellationToken);
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var nowMs = StreamTime.NowMs(moment.View, user, wallClock);
        var query = await DescribeAsync(asked.Query, context.CancellationToken);
        var state = SessionState.With(user, asked.ContextItemIds, query, nowMs);
        using var request = recommender.Rank(moment, state, ConstraintsOf(asked, wallClock), nowMs);
        var layers = LayerDistribution.For(request, request.User, moment.Policy, _slates);
        var slate = SlateBuilder.Build(request, layers, count, exploration: 0, _slates, SlateSeed.RandomOf(call.UserId));
        return NotInSlate.Explain(request, moment.Policy, layers, slate, call.ItemId);
    }

    [Authorize(Scopes.Read)]
    public override async Task<SimilarResponse> Similar(SimilarRequest call, ServerCallContext context)
    {
        var (seeds, count) = RequestRules.Check(call);
        var user = call.UserId.Length == 0 ? UserReader.Nobody : await users.ReadAsync(call.UserId, null, context.CancellationToken);
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var nowMs = StreamTime.NowMs(moment.View, user.State, wallClock);
        var constraints = new RequestConstraints(
            call.AllowRepeats,
            [.. seeds, .. call.ExcludeItemIds],
            wallClock.ToUnixTimeMilliseconds(),
            ItemConditions.Of(call.Filter));
        using var own = recommender.Admit(moment, user.State, constraints, nowMs);
        string[] known = [.. seeds.Where(id => own.View.IndexOf(id) is >= 0 and var item && own.IsAlive(item))];
        if (known.Length == 0)
        {
            throw NotFound(
                call.ItemIds.Count > 0 ? "item_ids" : "item_id",
                "none of the items asked about is in the catalogue; put them with Ingestion.PutItems first");
        }

        using var given = recommender.Resolve(
            moment, SessionState.With(UserState.Unknown, known, query: null, nowMs), RequestConstraints.Usual, nowMs);
        var interest = InterestOf(own, call.UserId, moment);
        var similar = new SimilarItems(given, own, call.By, interest);
        var (found, alike) = similar.Find(count);
        var response = SimilarAnswer.Describe(given, own, similar, interest, found, call.Explain);
        response.Degraded.AddRange(LookedUp(own, user, call.UserId));
        response.Degraded.AddRange(found.Count == 0 ? [Degradations.NoItems] : alike < found.Count ? [Degradations.Widened] : []);
        metrics.Degraded(response.Degraded);
        return response;
    }

    [Authorize(Scopes.Read)]
    public override async Task<SearchResponse> Search(SearchRequest call, ServerCallContext context)
    {
        var count = RequestRules.Check(call);
        var query = await DescribeAsync(call.Query, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.Unavailable, "Nobody says now what the query means; try again."));
        var user = call.UserId.Length == 0 ? UserReader.Nobody : await users.ReadAsync(call.UserId, null, context.CancellationToken);
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var constraints = new RequestConstraints(
            AllowRepeats: true, call.ExcludeItemIds, wallClock.ToUnixTimeMilliseconds(), ItemConditions.Of(call.Filter));
        using var own = recommender.Admit(moment, user.State, constraints, StreamTime.NowMs(moment.View, user.State, wallClock));
        var interest = InterestOf(own, call.UserId, moment);
        var search = _searches.TryTake(out var spare) ? spare : new CatalogueSearch();
        var found = search.TryScore(own.View, query) ? search.Find(own, interest) : [];
        _searches.Add(search);
        var response = SearchAnswer.Describe(own, call.Query.Trim(), interest, found, count, call.Explain);
        response.Degraded.AddRange(LookedUp(own, user, call.UserId));
        response.Degraded.AddRange(found.Count == 0 ? [Degradations.NoItems] : []);
        metrics.Degraded(response.Degraded);
        return response;
    }

    private bool IsStale => broker.IsAway || store.Refusal is not null || store.IsRebuilding;

    // What nobody is known to have seen teaches nothing.
    private static bool IsShown(RecommendRequest call, ServerCallContext context)
        => !call.DryRun
            && call.UserId.Length > 0
            && (call.HasLogImpression ? call.LogImpression : context.GetHttpContext().Request.Method != HttpMethods.Get);

    private static RequestConstraints ConstraintsOf(RecommendRequest call, DateTimeOffset wallClock)
        => new(call.AllowRepeats, call.ExcludeItemIds, wallClock.ToUnixTimeMilliseconds(), ItemConditions.Of(call.Filter));

    private static RpcException NotFound(string field, string words) => new(new Status(StatusCode.NotFound, $"{field}: {words}"));

    private static bool IsAsked(string query) => !string.IsNullOrWhiteSpace(query);

    private ValueTask<ProfileQuery?> DescribeAsync(string query, CancellationToken cancellationToken)
        => IsAsked(query) ? texts.DescribeAsync(query.Trim(), cancellationToken) : ValueTask.FromResult<ProfileQuery?>(null);

    // Of nobody there is nothing to be known.
    private IEnumerable<string> LookedUp(RankingRequest own, UserReading user, string userId)
        => Recommendation.DegradationsOf(own, user, IsStale)
            .Where(degradation => userId.Length > 0 || degradation != Degradations.NoProfile);

    private LayerInterest InterestOf(RankingRequest own, string userId, RankingMoment moment)
        => new(userId.Length == 0 || own.User.Profile is null
            ? null
            : LayerDistribution.For(own.View, own.History, own.User, moment.Policy, _slates, own.NowMs));
}
