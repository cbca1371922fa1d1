using Strata.Contracts.Layers.V1;
using Strata.RankingModel;
using Strata.Ranking.Index;
using Strata.Ranking.Scoring;

namespace Strata.Ranking.Candidates;

/// <summary>
/// One request's state: the user resolved against the catalogue, the sources' lists, the candidates and their features and scores. Reused from request to request;
/// <see cref="IDisposable.Dispose"/> gives it back. Not for two threads at once.
/// </summary>
public sealed class CandidateSet : IDisposable
{
    // Places of the largest slate.
    private const int MinimumCount = 100;

    // Candidates of a layer that the user asked for, besides what the sources find.
    private const int WantedPerLayer = 20;

    private readonly Action<CandidateSet> _giveBack;
    private readonly int _limit;
    private readonly TopList[] _lists;
    private readonly SparseScores _excluded = new();
    private readonly SparseScores _places = new();
    private readonly int[] _items;
    private bool _anyMuted;

    internal CandidateSet(CandidateOptions options, CatalogueView view, Action<CandidateSet> giveBack)
    {
        _giveBack = giveBack;
        View = view;
        _lists = [.. SourceSchema.Names.Select(_ => new TopList(options.PerSource))];
        _limit = options.Limit;

        // One more than the sources may fill: an item that is to be explained without being proposed.
        _items = new int[_limit + 1];
        Features = new float[_items.Length * FeatureSchema.Count];
        Scores = new double[_items.Length];
    }

    /// <summary>The catalogue as the request sees it.</summary>
    public CatalogueView View { get; private set; }

    /// <summary>The user as the store gave him.</summary>
    public UserState User { get; private set; } = UserState.Unknown;

    /// <summary>What the request allows.</summary>
    public RequestTerms Terms { get; private set; } = RequestTerms.Usual;

    /// <summary>Time of the request, Unix milliseconds.</summary>
    public long NowMs { get; private set; }

    /// <summary>The user's items.</summary>
    public UserHistory History { get; } = new();

    /// <summary>Co-visit and transition scores.</summary>
    public NeighbourScores Neighbours { get; } = new();

    /// <summary>Text scores.</summary>
    public TextScores Text { get; } = new();

    /// <summary>What the user wants of layers.</summary>
    public LayerControls Controls { get; private set; } = LayerControls.None;

    /// <summary>Candidates.</summary>
    public int Count { get; private set; }

    /// <summary>Item indexes of the candidates.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>The user has everything that is alive: what he had comes again although the request does not allow it.</summary>
    public bool RepeatsForced { get; private set; }

    /// <summary>Context of the request: 0 new user, 1 active within the hour, 2 returning.</summary>
    public int Context { get; internal set; }

    /// <summary>Raw features, candidate by candidate, <see cref="FeatureSchema.Count"/> each.</summary>
    internal float[] Features { get; }

    /// <summary>Scores by the policy, aligned with <see cref="Items"/>.</summary>
    internal double[] Scores { get; }

    /// <summary>Raw features of a candidate.</summary>
    public ReadOnlySpan<float> FeaturesOf(int candidate) => Features.AsSpan(candidate * FeatureSchema.Count, FeatureSchema.Count);

    /// <summary>Raw features of all candidates.</summary>
    public ReadOnlySpan<float> AllFeatures => Features.AsSpan(0, Count * FeatureSchema.Count);

    /// <summary>Score of a candidate.</summary>
    public double ScoreOf(int candidate) => Scores[candidate];

    /// <summary>Place of an item among the candidates; −1: it is none.</summary>
    public int CandidateOf(int item) => _places.PositionOf(item);

    /// <summary>A source's own list.</summary>
    public TopList ListOf(int source) => _lists[source];

    /// <summary>The item may be recommended: alive, not the user's own (unless repeats are allowed), not dismissed, not excluded, not of a muted layer.</summary>
    public bool Allows(int item)
        => View.IsAlive(item, NowMs) && !_excluded.Contains(item) && (!_anyMuted || Controls.Of(View.Assignment.SlotOf(item)) != LayerAction.Mute);

    /// <summary>Long plus short share of a layer, 0 to 2.</summary>
    public double LayerShare(int slot) => History.LongShare(slot) + History.ShortShare(slot);

    /// <inheritdoc/>
    public void Dispose() => _giveBack(this);

    /// <summary>Resolves the user and runs the sources.</summary>
    internal void Gather(CatalogueView view, UserState user, RequestTerms terms, long nowMs, int exactScanItems, ReadOnlySpan<bool> enabled)
    {
        (View, User, Terms, NowMs, RepeatsForced) = (view, user, terms, nowMs, false);
        Controls = LayerControls.For(view.Layers, user.Profile);
        _anyMuted = Controls.AnyMuted;
        History.Fill(view, user.Profile, nowMs);
        Context = Contexts.Of(History.IdleMs);
        Exclude();
        Neighbours.Fill(view, History, nowMs);
        Text.Fill(view, History, user.Profile, nowMs, exactScanItems);
        foreach (var source in CandidateSources.All)
        {
            _lists[source.Index].Clear();
            source.Propose(this, _lists[source.Index]);
        }

        Unite(enabled);
        if (Count < MinimumCount)
        {
            AddAny();
        }
    }

    /// <summary>Gathers again with repeats, for a user who has everything.</summary>
    internal void GatherRepeats(int exactScanItems, ReadOnlySpan<bool> enabled)
    {
        Gather(View, User, Terms with { AllowRepeats = true }, NowMs, exactScanItems, enabled);
        RepeatsForced = true;
    }

    /// <summary>Adds a candidate that no source proposed; false when it is one already or there is no room.</summary>
    internal bool TryAdd(int item)
    {
        if (Count == _items.Length || _places.Contains(item))
        {
            return false;
        }

        _places.Add(item, Count);
        _items[Count++] = item;
        return true;
    }

    private void Exclude()
    {
        _excluded.Clear();
        foreach (var own in User.Profile?.Items ?? [])
        {
            if ((!Terms.AllowRepeats || UserHistory.Dismissed(own)) && View.IndexOf(own.ItemId) is >= 0 and var item)
            {
                _excluded.Add(item, 1);
            }
        }

        IEnumerable<string> unwanted = User.Profile is { } profile ? [.. profile.Dismissed, .. Terms.Exclude ?? []] : Terms.Exclude ?? [];
        foreach (var id in unwanted)
        {
            if (View.IndexOf(id) is >= 0 and var item)
            {
                _excluded.Add(item, 1);
            }
        }
    }

    private void Unite(ReadOnlySpan<bool> enabled)
    {
        _places.Clear();
        Count = 0;
        foreach (var slot in Controls.Wanted)
        {
            AddWanted(slot);
        }

        for (var rank = 0; rank < _lists[0].Capacity && Count < _limit; rank++)
        {
            for (var source = 0; source < _lists.Length; source++)
            {
                if (enabled[source] && rank < _lists[source].Count && Count < _limit)
                {
                    TryAdd(_lists[source].Items[rank]);
                }
            }
        }
    }

    // A layer that the user asked for may be one where he has nothing yet, so that no source looks there: the most popular items of the week, then any.
    private void AddWanted(int slot)
    {
        var most = Math.Min(Count + WantedPerLayer, _limit / 2);
        foreach (var item in View.Popular[HalfLives.Week].Items)
        {
            Add(item);
        }

        for (var item = View.Count - 1; item >= 0; item--)
        {
            Add(item);
        }

        void Add(int item)
        {
            if (Count < most && View.Assignment.SlotOf(item) == slot && Allows(item))
            {
                TryAdd(item);
            }
        }
    }

    // The sources found little (a young catalogue without activity or vectors): any alive item is better than an empty place.
    private void AddAny()
    {
        for (var item = View.Count - 1; item >= 0 && Count < Math.Min(MinimumCount, _limit); item--)
        {
            if (Allows(item))
            {
                TryAdd(item);
            }
        }
    }
}
