using System.Collections.Concurrent;
using Strata.Ranking.Candidates;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Serving.Core;

/// <summary>What a request ranks with: taken once, so that all its stages see the same.</summary>
/// <param name="View">The catalogue.</param>
/// <param name="Policy">The policy in force.</param>
public readonly record struct RankingMoment(CatalogueView View, RankingPolicy Policy);

/// <summary>
/// Ranks candidates for a user: the stages between reading the user and placing. Pure: the moment, the user and the time decide. Any
/// number of threads.
/// </summary>
public sealed class Recommender
{
    private readonly Catalogue _catalogue;
    private readonly CurrentPolicy _policies;
    private readonly CandidateOptions _candidates;
    private readonly CandidateGathering _gathering;
    private readonly IndexOptions _limits;
    private readonly Func<double, double> _fatigue;
    private readonly bool _oneInterest;

    // Requests to be used again, by how many candidates they hold: those of all arms, so that few lie idle.
    private readonly ConcurrentDictionary<(int PerSource, int Limit), ConcurrentBag<RankingRequest>> _pools;
    private readonly ConcurrentBag<RankingRequest> _spare;

    /// <summary>Ranks what a catalogue has by the policy in force.</summary>
    /// <param name="catalogue">The items.</param>
    /// <param name="policies">The policy.</param>
    /// <param name="candidates">Where candidates come from.</param>
    /// <param name="index">How many items are looked at.</param>
    /// <param name="scoring">By how much items sink that were passed over; null: by the defaults.</param>
    /// <param name="oneInterest">The catalogue is taken to be one layer.</param>
    public Recommender(
        Catalogue catalogue,
        CurrentPolicy policies,
        CandidateOptions candidates,
        IndexOptions index,
        ScoringOptions? scoring = null,
        bool oneInterest = false)
    {
        scoring ??= new ScoringOptions();
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(index);
        (_catalogue, _policies, _candidates, _limits, _oneInterest) = (catalogue, policies, candidates, index, oneInterest);
        _gathering = new CandidateGathering(candidates, oneInterest);
        _fatigue = count => Fatigue.Of(count, scoring);
        _pools = new();
        _spare = PoolOf(candidates);
    }

    private Recommender(Recommender other, CandidateOptions candidates, bool oneInterest)
    {
        (_catalogue, _policies, _limits) = (other._catalogue, other._policies, other._limits);
        (_fatigue, _pools, _candidates, _oneInterest) = (other._fatigue, other._pools, candidates, oneInterest);
        _gathering = new CandidateGathering(candidates, oneInterest);
        _spare = PoolOf(candidates);
    }

    /// <summary>The catalogue and the policy as of now.</summary>
    public RankingMoment Now => new(_catalogue.Current, _policies.Current);

    /// <summary>The same with other candidates, for an arm of an experiment.</summary>
    internal Recommender With(CandidateOptions candidates, bool oneInterest) => new(this, candidates, oneInterest);

    /// <summary>
    /// Candidates with features and scores. The caller disposes of the request. Empty only when nothing that is alive is allowed.
    /// </summary>
    public RankingRequest Rank(RankingMoment moment, UserState user, RequestConstraints constraints, long nowMs)
    {
        var request = Propose(moment, user, constraints, nowMs);
        Scorer.Score(request, moment.Policy);
        return request;
    }

    /// <summary>
    /// Candidates with features and without scores. Of a policy only what cohorts choose matters to it: where users have no attributes, a
    /// replay may propose ahead of its learner.
    /// </summary>
    internal RankingRequest Propose(RankingMoment moment, UserState user, RequestConstraints constraints, long nowMs)
    {
        var request = Resolve(moment, user, constraints, nowMs);
        Gather(request);
        FeatureExtractor.Extract(request);
        return request;
    }

    /// <summary>A request whose user is resolved against the catalogue.</summary>
    internal RankingRequest Resolve(RankingMoment moment, UserState user, RequestConstraints constraints, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(constraints);
        if (!_spare.TryTake(out var request))
        {
            request = new RankingRequest(_candidates.PerSource, _candidates.Limit, moment.View, _spare.Add);
        }

        request.Resolve(moment.View, user, constraints, nowMs, _limits, moment.Policy.Cohorts.For, _fatigue, _oneInterest);
        return request;
    }

    /// <summary>A request that proposes nothing and knows what it allows: for items that are looked up.</summary>
    internal RankingRequest Admit(RankingMoment moment, UserState user, RequestConstraints constraints, long nowMs)
    {
        var request = Resolve(moment, user, constraints, nowMs);
        CandidateFilters.Apply(request);
        return request;
    }

    /// <summary>Filters mark, sources propose, their lists are united.</summary>
    internal void Gather(RankingRequest request) => _gathering.Gather(request);

    /// <summary>Adds one item to the candidates, so that it can be explained; its number.</summary>
    public static int Include(RankingRequest request, int item, RankingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        if (request.CandidateOf(item) is >= 0 and var known)
        {
            return known;
        }

        request.TryAdd(item);
        FeatureExtractor.Extract(request, request.Count - 1);
        Scorer.Score(request, policy);
        return request.Count - 1;
    }

    private ConcurrentBag<RankingRequest> PoolOf(CandidateOptions candidates)
        => _pools.GetOrAdd((candidates.PerSource, candidates.Limit), _ => []);
}
