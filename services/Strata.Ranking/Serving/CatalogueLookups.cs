using System.Collections.Concurrent;
using Grpc.Core;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Lookups;
using Strata.Ranking.Queries;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;

namespace Strata.Ranking.Serving;

/// <summary>Answers the calls that look items up, by items or by a query, for nobody or for a user.</summary>
internal sealed class CatalogueLookups(
    Recommender recommender,
    UserReader users,
    IQueryTexts texts,
    ServingArms arms,
    ServingMetrics metrics,
    IBrokerContact broker,
    IStoreContact store,
    TimeProvider time)
{
    private readonly ConcurrentBag<CatalogueSearch> _searches = [];

    /// <summary>Items like given ones.</summary>
    public async Task<SimilarResponse> SimilarAsync(SimilarRequest call, Sentences language, CancellationToken cancellationToken)
    {
        var (seeds, count) = RequestRules.Check(call);
        var user = call.UserId.Length == 0 ? UserReader.Nobody : await users.ReadAsync(call.UserId, null, cancellationToken);
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
            throw new RpcException(new Status(
                StatusCode.NotFound,
                $"{(call.ItemIds.Count > 0 ? "item_ids" : "item_id")}: none of the items asked about is in the catalogue; "
                    + "put them with Ingestion.PutItems first"));
        }

        using var given = recommender.Resolve(
            moment, SessionState.With(UserState.Unknown, known, query: null, nowMs), RequestConstraints.Usual, nowMs);
        var interest = InterestOf(own, call.UserId, moment);
        var similar = new SimilarItems(given, own, call.By, interest);
        var (found, alike) = similar.Find(count);
        var response = SimilarAnswer.Describe(given, own, similar, interest, found, call.Explain, language);
        response.Degraded.AddRange(LookedUp(own, user, call.UserId));
        response.Degraded.AddRange(found.Count == 0 ? [Degradations.NoItems] : alike < found.Count ? [Degradations.Widened] : []);
        metrics.Degraded(response.Degraded);
        return response;
    }

    /// <summary>Items by words and meaning.</summary>
    public async Task<SearchResponse> SearchAsync(SearchRequest call, Sentences language, CancellationToken cancellationToken)
    {
        var count = RequestRules.Check(call);
        var query = await texts.DescribeAsync(call.Query.Trim(), cancellationToken)
            ?? throw new RpcException(new Status(StatusCode.Unavailable, "Nobody says now what the query means; try again."));
        var user = call.UserId.Length == 0 ? UserReader.Nobody : await users.ReadAsync(call.UserId, null, cancellationToken);
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var constraints = new RequestConstraints(
            AllowRepeats: true, call.ExcludeItemIds, wallClock.ToUnixTimeMilliseconds(), ItemConditions.Of(call.Filter));
        using var own = recommender.Admit(moment, user.State, constraints, StreamTime.NowMs(moment.View, user.State, wallClock));
        var interest = InterestOf(own, call.UserId, moment);
        var search = _searches.TryTake(out var spare) ? spare : new CatalogueSearch();
        var found = search.TryScore(own.View, query) ? search.Find(own, interest) : [];
        _searches.Add(search);
        var response = SearchAnswer.Describe(own, call.Query.Trim(), interest, found, count, call.Explain, language);
        response.Degraded.AddRange(LookedUp(own, user, call.UserId));
        response.Degraded.AddRange(found.Count == 0 ? [Degradations.NoItems] : []);
        metrics.Degraded(response.Degraded);
        return response;
    }

    // Of nobody there is nothing to be known.
    private IEnumerable<string> LookedUp(RankingRequest own, UserReading user, string userId)
        => Recommendation.DegradationsOf(own, user, broker.IsAway || store.Refusal is not null || store.IsRebuilding)
            .Where(degradation => userId.Length > 0 || degradation != Degradations.NoProfile);

    private LayerInterest InterestOf(RankingRequest own, string userId, RankingMoment moment)
        => new(userId.Length == 0 || own.User.Profile is null
            ? null
            : LayerDistribution.For(own.View, own.History, own.User, moment.Policy, arms.Of(userId).Slates, own.NowMs));
}
