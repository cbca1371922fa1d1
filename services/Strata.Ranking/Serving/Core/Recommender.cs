using System.Collections.Concurrent;
using Strata.RankingModel;
using Strata.Ranking.Candidates;
using Strata.Ranking.Index;

namespace Strata.Ranking.Scoring;

/// <summary>Gathers candidates for a user and scores them. Pure: the catalogue, the policy, the user and the time decide. Any number of threads.</summary>
public sealed class Recommender
{
    private readonly Catalogue _catalogue;
    private readonly PolicySlot _policies;
    private readonly CandidateOptions _candidates;
    private readonly int _exactScanItems;
    private readonly bool[] _enabled;
    private readonly ConcurrentBag<CandidateSet> _spare = [];

    /// <summary>Makes one.</summary>
    public Recommender(Catalogue catalogue, PolicySlot policies, CandidateOptions candidates, IndexOptions index)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(index);
        _catalogue = catalogue;
        _policies = policies;
        _candidates = candidates;
        _exactScanItems = index.ExactScanItems;
        _enabled = [.. SourceSchema.Names.Select(name => candidates.Sources.Count == 0 || candidates.Sources.Contains(name))];
    }

    /// <summary>The catalogue as of now.</summary>
    public CatalogueView View => _catalogue.Current;

    /// <summary>The policy in force.</summary>
    public RankingPolicy Policy => _policies.Current;

    /// <summary>Candidates with features and scores by <paramref name="policy"/>. The caller disposes of the set. Empty only when nothing that is alive is allowed.</summary>
    public CandidateSet Gather(UserState user, RequestTerms terms, RankingPolicy policy, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var request = Propose(user, terms, nowMs);
        Scorer.Fill(request, policy);
        return request;
    }

    /// <summary>Candidates with features and without scores: nothing of it depends on a policy, so a replay may propose ahead of its learner.</summary>
    internal CandidateSet Propose(UserState user, RequestTerms terms, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(terms);
        var view = _catalogue.Current;
        if (!_spare.TryTake(out var request))
        {
            request = new CandidateSet(_candidates, view, _spare.Add);
        }

        request.Gather(view, user, terms, nowMs, _exactScanItems, _enabled);
        if (request.Count == 0 && !terms.AllowRepeats)
        {
            request.GatherRepeats(_exactScanItems, _enabled);
        }

        FeatureExtractor.Fill(request);
        return request;
    }

    /// <summary>Adds one item to the candidates, so that it can be explained; its place.</summary>
    public static int Include(CandidateSet request, int item, RankingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        if (request.CandidateOf(item) is >= 0 and var known)
        {
            return known;
        }

        request.TryAdd(item);
        FeatureExtractor.Fill(request, request.Count - 1);
        Scorer.Fill(request, policy);
        return request.Count - 1;
    }
}
