using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates.Requests;

/// <summary>
/// One request's state: the user resolved against the catalogue, the sources' lists, the candidates and their features and scores. Reused
/// from request to request; <see cref="IDisposable.Dispose"/> gives it back. Not for two threads at once.
/// </summary>
public sealed class RankingRequest : IDisposable
{
    private readonly Action<RankingRequest> _giveBack;
    private readonly TopList[] _lists;
    private readonly SparseScores _numbers = new();
    private readonly int[] _items;

    internal RankingRequest(int perSource, int limit, CatalogueView view, Action<RankingRequest> giveBack)
    {
        (_giveBack, View) = (giveBack, view);
        _lists = [.. SourceSchema.Names.Select(_ => new TopList(perSource))];

        // One more than the sources may propose: an item that is to be explained without being proposed.
        _items = new int[limit + 1];
        Features = new float[_items.Length * FeatureSchema.Count];
        Scores = new double[_items.Length];
    }

    public CatalogueView View { get; private set; }

    /// <summary>The catalogue is taken to be one layer.</summary>
    public bool OneInterest { get; private set; }

    /// <summary>The user as the store gave them.</summary>
    public UserState User { get; private set; } = UserState.Unknown;

    /// <summary>
    /// By slot, "no layer" last: the logarithm of how much likelier than everybody users with the same attributes, or of the same segment,
    /// are to choose from there. Null for a user with a history, who is known better (with few items their segment still counts), and where
    /// nothing is known.
    /// </summary>
    public double[]? CohortLifts { get; private set; }

    /// <summary>The segment that the user lies in; 0: none.</summary>
    public uint SegmentId { get; private set; }

    public RequestConstraints Constraints { get; private set; } = RequestConstraints.Usual;

    /// <summary>Time of the request, Unix milliseconds.</summary>
    public long NowMs { get; private set; }

    /// <summary>Context of the request, one of <see cref="Contexts"/>.</summary>
    public int Context { get; private set; }

    public UserHistory History { get; } = new();

    public LayerControls Controls { get; private set; } = LayerControls.None;

    /// <summary>What the user was shown and did not choose; nothing after a search.</summary>
    public PassedItems Passed { get; } = new();

    public NeighbourScores Neighbours { get; } = new();

    public TextScores Text { get; } = new();

    public Removals Removals { get; } = new();

    /// <summary>The user has everything that is alive: what they had comes again although the request does not allow it.</summary>
    public bool RepeatsForced { get; private set; }

    /// <summary>Candidates that the sources proposed, or a layer that was asked for: those behind them are from anywhere.</summary>
    public int Proposed { get; internal set; }

    public int Count { get; private set; }

    /// <summary>Item indexes of the candidates.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>Raw features of all candidates.</summary>
    public ReadOnlySpan<float> AllFeatures => Features.AsSpan(0, Count * FeatureSchema.Count);

    /// <summary>Raw features, candidate by candidate, <see cref="FeatureSchema.Count"/> each.</summary>
    internal float[] Features { get; }

    /// <summary>Scores by the policy, aligned with <see cref="Items"/>.</summary>
    internal double[] Scores { get; }

    public ReadOnlySpan<float> FeaturesOf(int candidate) => Features.AsSpan(candidate * FeatureSchema.Count, FeatureSchema.Count);

    public double ScoreOf(int candidate) => Scores[candidate];

    /// <summary>Number of an item among the candidates; −1: it is none.</summary>
    public int CandidateOf(int item) => _numbers.NumberOf(item);

    public TopList ListOf(int source) => _lists[source];

    /// <summary>The item is in the catalogue, and not announced for later.</summary>
    public bool IsAlive(int item) => View.IsAlive(item, Math.Max(NowMs, Constraints.CreatedByMs));

    /// <summary>The item may be recommended: it is alive, and no filter removes it.</summary>
    public bool Allows(int item) => IsAlive(item) && !Removals.Removes(item, View);

    /// <summary>Long plus short share of a layer, 0 to 2.</summary>
    public double LayerShare(int slot) => History.LongShare(slot) + History.ShortShare(slot);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nobody's state is kept until the next request.
        (User, Constraints, Controls) = (UserState.Unknown, RequestConstraints.Usual, LayerControls.None);
        (CohortLifts, SegmentId) = (null, 0);
        _giveBack(this);
    }

    /// <summary>Resolves the user against the catalogue, and compares both.</summary>
    internal void Resolve(
        CatalogueView view,
        UserState user,
        RequestConstraints constraints,
        long nowMs,
        IndexOptions limits,
        Func<IReadOnlyList<string>, LayerView, double[]?> lifts,
        Func<double, double> fatigue,
        bool oneInterest = false)
    {
        (View, User, Constraints, NowMs, RepeatsForced, OneInterest) = (view, user, constraints, nowMs, false, oneInterest);
        Controls = LayerControls.For(view.Layers, user.Profile);
        History.Resolve(view, user.Profile, nowMs);
        SegmentId = view.Segments.Set.IdOf(UserSegment.SlotOf(view, user.Layers, Controls));
        CohortLifts = History.Count == 0 ? lifts(Cohorts.NamesOf(user.Profile?.Attributes, SegmentId), view.Layers)
            : History.Count <= Cohorts.FewItems && SegmentId > 0 ? lifts([Cohorts.NameOf(SegmentId)], view.Layers)
            : null;
        Neighbours.AddUp(view, History, nowMs);
        Text.Scan(view, History, user.Profile, nowMs, limits);

        // A user who only dismissed, or searched for what nothing answers, has said nothing that items could be compared with.
        var isNew = History.Count == 0 && Text.Queries.Count == 0;
        Context = Contexts.Of(isNew ? double.PositiveInfinity : History.IdleMs, Text.Searching);

        // Who searches again often means what they saw (Teevan et al. 2007, Information re-retrieval: repeat queries in Yahoo's logs).
        Passed.Resolve(view, Text.Searching ? UserState.Unknown : user, nowMs, fatigue);
        ClearCandidates();
    }

    /// <summary>Allows repeats to a user who has everything.</summary>
    internal void ForceRepeats() => (Constraints, RepeatsForced) = (Constraints with { AllowRepeats = true }, true);

    internal void ClearCandidates()
    {
        Count = 0;
        _numbers.Clear();
    }

    /// <summary>Adds a candidate; false when it is one already or there is no room.</summary>
    internal bool TryAdd(int item)
    {
        if (Count == _items.Length || !_numbers.TryAdd(item, Count))
        {
            return false;
        }

        _items[Count++] = item;
        return true;
    }
}
