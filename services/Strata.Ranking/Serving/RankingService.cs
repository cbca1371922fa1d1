using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Rates;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Impressions;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Queries;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Serving.Rules;
using Strata.Ranking.Serving.Streams;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;
using RankingBase = Strata.Contracts.Ranking.V1.Ranking.RankingBase;

namespace Strata.Ranking.Serving;

/// <summary>Serves slates and explains them. <see cref="SlateAsync"/> names the stages of a request in their order.</summary>
internal sealed class RankingService(
    ServingArms arms,
    RulesRead rules,
    UserReader users,
    IQueryTexts texts,
    CatalogueLookups lookups,
    TypingAnswers typing,
    SegmentFilter segments,
    SlateStreams streams,
    IImpressionLog impressions,
    ServingMetrics metrics,
    IBrokerContact broker,
    IStoreContact store,
    TimeProvider time) : RankingBase
{
    /// <summary>Users of a call for many that are read and ranked side by side.</summary>
    private const int UsersAtOnce = 16;

    [Authorize(Scopes.Read)]
    public override async Task<RecommendResponse> Recommend(RecommendRequest call, ServerCallContext context)
    {
        var (count, asOf) = RequestRules.Check(call);
        var stages = metrics.Start(time);
        var query = await DescribeAsync(call.Query, context.CancellationToken);
        var shown = IsShown(call, unlessSaid: context.GetHttpContext().Request.Method != HttpMethods.Get);
        return await SlateAsync(call, count, asOf, query, shown, stages, LanguageOf(context), context.CancellationToken);
    }

    [Authorize(Scopes.Read)]
    public override async Task RecommendMany(
        RecommendManyRequest call, IServerStreamWriter<RecommendManyResponse> responseStream, ServerCallContext context)
    {
        var count = RequestRules.Check(call);
        var asked = call.Slate ?? new RecommendRequest();
        var query = await DescribeAsync(asked.Query, context.CancellationToken);
        var language = LanguageOf(context);
        foreach (var some in (await segments.OfAsync(call.UserIds, call.SegmentId, context.CancellationToken)).Chunk(UsersAtOnce))
        {
            var made = await Task.WhenAll(
                some.Select(user => SlateOfAsync(asked, user, count, query, language, context.CancellationToken)));
            foreach (var (user, slate) in some.Zip(made))
            {
                await responseStream.WriteAsync(new RecommendManyResponse { UserId = user, Slate = slate }, context.CancellationToken);
            }
        }
    }

    [Authorize(Scopes.Read)]
    public override async Task RecommendStream(
        RecommendRequest call, IServerStreamWriter<RecommendStreamResponse> responseStream, ServerCallContext context)
    {
        var (count, asOf) = RequestRules.Check(call);
        var query = await DescribeAsync(call.Query, context.CancellationToken);
        var (http, language) = (context.GetHttpContext(), LanguageOf(context));
        await streams.RunAsync(
            call,
            Callers.Of(http),
            (asked, cancellationToken) => SlateAsync(
                asked,
                count,
                asked.AsOf.Length > 0 ? asOf : null,
                query,
                IsShown(asked, unlessSaid: http.Request.Method != HttpMethods.Get),
                metrics.Start(time),
                language,
                cancellationToken),
            responseStream,
            context.CancellationToken);
    }

    [Authorize(Scopes.Read)]
    public override async Task<ExplainResponse> Explain(ExplainRequest call, ServerCallContext context)
    {
        RequestRules.Check(call);
        var user = await users.RequireAsync(call.UserId, context.CancellationToken);
        var arm = ArmOf(call.UserId);
        var moment = arm.Recommender.Now;
        var nowMs = StreamTime.NowMs(moment.View, user, time.GetUtcNow());
        var constraints = RequestConstraints.Usual with { CreatedByMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        using var request = arm.Recommender.Rank(moment, user, constraints, nowMs);
        var item = request.View.IndexOf(call.ItemId);
        if (item < 0 || !request.IsAlive(item))
        {
            throw new RpcException(new Status(
                StatusCode.NotFound, $"item_id: no item '{call.ItemId}' is in the catalogue; put it with Ingestion.PutItems first"));
        }

        var rank = Recommendation.RankOf(request, item);
        var candidate = Recommender.Include(request, item, moment.Policy);
        var layers = LayerDistribution.For(request, user, moment.Policy, arm.Slates);
        var placed = new PlacedItem(candidate, item, request.View.Assignment.SlotOf(item), Propensity: 0, Exploration: false);
        var response = new ExplainResponse
        {
            Item = Recommendation.Describe(request, moment.Policy, layers, placed, Math.Max(0, rank), language: LanguageOf(context)),
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
        var arm = ArmOf(call.UserId);
        var moment = arm.Recommender.Now;
        var wallClock = time.GetUtcNow();
        var nowMs = StreamTime.NowMs(moment.View, user, wallClock);
        var query = await DescribeAsync(asked.Query, context.CancellationToken);
        var state = SessionState.With(user, asked.ContextItemIds, query, nowMs);
        var constraints = RequestRules.ConstraintsOf(asked, rules, wallClock, RequestRules.PagesBefore(asked));
        using var request = arm.Recommender.Rank(moment, state, constraints, nowMs);
        var layers = LayerDistribution.For(request, request.User, moment.Policy, arm.Slates);
        var slate = SlateBuilder.Build(request, layers, count, exploration: 0, arm.Slates, SlateSeed.RandomOf(call.UserId));
        return NotInSlate.Explain(request, moment.Policy, layers, slate, call.ItemId, LanguageOf(context), count);
    }

    [Authorize(Scopes.Read)]
    public override Task<SimilarResponse> Similar(SimilarRequest call, ServerCallContext context)
        => lookups.SimilarAsync(call, LanguageOf(context), context.CancellationToken);

    [Authorize(Scopes.Read)]
    public override Task<SearchResponse> Search(SearchRequest call, ServerCallContext context)
        => lookups.SearchAsync(call, LanguageOf(context), context.CancellationToken);

    [Authorize(Scopes.Read)]
    public override Task<SuggestResponse> Suggest(SuggestRequest call, ServerCallContext context)
        => typing.SuggestAsync(call, context.CancellationToken);

    // A user's slate, asked for with that of others.
    private Task<RecommendResponse> SlateOfAsync(
        RecommendRequest asked, string user, int count, ProfileQuery? query, Sentences language, CancellationToken cancellationToken)
    {
        var own = asked.Clone();
        own.UserId = user;
        return SlateAsync(own, count, null, query, IsShown(own, unlessSaid: false), metrics.Start(time), language, cancellationToken);
    }

    private async Task<RecommendResponse> SlateAsync(
        RecommendRequest call,
        int count,
        AsOfToken? asOf,
        ProfileQuery? query,
        bool shown,
        ServingMetrics.StageTimer stages,
        Sentences language,
        CancellationToken cancellationToken)
    {
        if (call.Trace)
        {
            stages.Keep();
        }

        // Read the user.
        var user = await users.ReadAsync(call.UserId, asOf, cancellationToken);
        stages.End("read");

        // Take the arm, the catalogue and the policy, once, and resolve the user, as the session has them, against them.
        var arm = ArmOf(call.UserId);
        var moment = arm.Recommender.Now;
        var wallClock = time.GetUtcNow();
        var nowMs = StreamTime.NowMs(moment.View, user.State, wallClock);
        var state = SessionState.With(user.State, call.ContextItemIds, query, nowMs);
        var before = RequestRules.PagesBefore(call);
        var constraints = RequestRules.ConstraintsOf(call, rules, wallClock, before);
        using var request = arm.Recommender.Resolve(moment, state, constraints, nowMs);

        // Filters, sources, candidates; features; scores.
        arm.Recommender.Gather(request);
        FeatureExtractor.Extract(request);
        Scorer.Score(request, moment.Policy);
        stages.End("rank");
        metrics.Gathered(request);

        // Place.
        var requestId = Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
        var layers = LayerDistribution.For(request, request.User, moment.Policy, arm.Slates);
        shown &= !users.IsStranger(call.UserId);
        var (exploration, random) = (shown && call is not { HasExploration: true, Exploration: false } ? arm.Slates.Exploration : 0,
            SlateSeed.RandomOf(requestId));
        var slate = SlateBuilder.Build(request, layers, count, exploration, arm.Slates, random);

        // Explain.
        var response = Recommendation.Describe(request, moment.Policy, layers, slate, requestId, call.Explain, language);
        response.Arms.AddRange(arm.Names);
        response.Degraded.AddRange(Recommendation.DegradationsOf(request, user, IsStale, slate));
        response.Degraded.AddRange(query is null && !string.IsNullOrWhiteSpace(call.Query) ? [Degradations.QueryUnread] : []);
        response.NextPageToken = PageToken.After(before, response.Items.Select(item => item.ItemId));

        // Side effects.
        metrics.Degraded(response.Degraded);
        if (shown && slate.Count > 0)
        {
            metrics.Shown(slate);
            impressions.Log(ImpressionRecord.Of(request, moment.Policy, layers, response, slate,
                users.NameOf(call.UserId), wallClock, call.Placement, impressions.Explained));
        }

        stages.End("slate");
        response.Trace = call.Trace ? RequestTrace.Of(request, stages.Kept) : null;
        return response;
    }

    // Who does not want to be known is in no experiment.
    private ServingArm ArmOf(string userId) => arms.Of(arms.Experiments.Count > 0 && !users.IsStranger(userId) ? userId : "");

    private bool IsStale => broker.IsAway || store.Refusal is not null || store.IsRebuilding;

    // Over gRPC and JSON alike: metadata are headers.
    private static Sentences LanguageOf(ServerCallContext context)
        => Sentences.For(context.GetHttpContext().Request.Headers.AcceptLanguage);

    // What nobody is known to have seen teaches nothing.
    private static bool IsShown(RecommendRequest call, bool unlessSaid)
        => !call.DryRun && call.UserId.Length > 0 && (call.HasLogImpression ? call.LogImpression : unlessSaid);

    private ValueTask<ProfileQuery?> DescribeAsync(string query, CancellationToken cancellationToken)
        => string.IsNullOrWhiteSpace(query)
            ? ValueTask.FromResult<ProfileQuery?>(null)
            : texts.DescribeAsync(query.Trim(), cancellationToken);
}
