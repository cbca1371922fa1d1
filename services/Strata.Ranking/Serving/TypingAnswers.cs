using Grpc.Core;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Lookups;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Suggestions;
using Strata.Ranking.Suggestions.Core;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;

namespace Strata.Ranking.Serving;

/// <summary>Answers who is still typing, nobody or a user.</summary>
internal sealed class TypingAnswers(
    CurrentSuggestions suggestions,
    Recommender recommender,
    UserReader users,
    ServingArms arms,
    ServingMetrics metrics,
    IBrokerContact broker,
    IStoreContact store,
    TimeProvider time)
{
    /// <summary>Texts that a user's layers may bring forward.</summary>
    private const int Best = 200;

    public async Task<SuggestResponse> SuggestAsync(SuggestRequest call, CancellationToken cancellationToken)
    {
        var count = RequestRules.Check(call);
        var index = suggestions.Index
            ?? throw new RpcException(new Status(StatusCode.Unavailable, "What there is to suggest is still being gathered; try again."));
        if (call.UserId.Length > 0)
        {
            return await SuggestAsync(call, index, count, cancellationToken);
        }

        var view = recommender.Now.View;
        var nowMs = Math.Max(view.StreamTimeMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        return Answer(
            view,
            index.Find(call.Prefix, count, text => text.Item < 0 || (IsStill(view, text) && view.IsAlive(text.Item, nowMs)))
                .Select(text => (text, text.Score)),
            IsStale ? [Degradations.Stale] : []);
    }

    private async Task<SuggestResponse> SuggestAsync(
        SuggestRequest call, SuggestionIndex index, int count, CancellationToken cancellationToken)
    {
        var user = await users.ReadAsync(call.UserId, null, cancellationToken);
        var moment = recommender.Now;
        var wallClock = time.GetUtcNow();
        var constraints = new RequestConstraints(AllowRepeats: true, CreatedByMs: wallClock.ToUnixTimeMilliseconds());
        using var own = recommender.Admit(moment, user.State, constraints, StreamTime.NowMs(moment.View, user.State, wallClock));
        var interest = new LayerInterest(own.User.Profile is null
            ? null
            : LayerDistribution.For(own.View, own.History, own.User, moment.Policy, arms.Of(call.UserId).Slates, own.NowMs));
        var found = index.Find(call.Prefix, Best, text => text.Item < 0 || (IsStill(own.View, text) && own.Allows(text.Item)));
        return Answer(
            own.View,
            found.Select(text => (text, Score: text.Score * (1 + (text.Item < 0 ? 0 : interest.Of(own.View.Assignment.SlotOf(text.Item))))))
                .OrderByDescending(text => text.Score).Take(count),
            Recommendation.DegradationsOf(own, user, IsStale));
    }

    private bool IsStale => broker.IsAway || store.Refusal is not null || store.IsRebuilding;

    // Since the index was built the item may have been put anew.
    private static bool IsStill(CatalogueView view, SuggestedText text) => view.Items.Features[text.Item]?.Title == text.Text;

    private SuggestResponse Answer(
        CatalogueView view, IEnumerable<(SuggestedText Text, double Score)> found, IEnumerable<string> degradations)
    {
        var response = new SuggestResponse();
        response.Suggestions.AddRange(found.Select(one => new Suggestion
        {
            Text = one.Text.Text,
            Kind = one.Text.Item < 0 ? Suggestion.Types.Kind.Query : Suggestion.Types.Kind.Title,
            ItemId = one.Text.Item < 0 ? "" : view.Items.Ids[one.Text.Item],
            Score = one.Score,
        }));
        response.Degraded.AddRange(degradations);
        metrics.Degraded(response.Degraded);
        return response;
    }
}
