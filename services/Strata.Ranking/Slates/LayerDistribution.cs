using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Slates;

/// <summary>
/// From which layers to recommend to a user. By the rule Liking, a layer's value is its index (<see cref="LayerLiking"/>): how likely they
/// like it, by odds that their interest r_g = ½ + ½·K·share_g multiplies and by what they clicked of what was shown, and what is clicked
/// by those who do. By the older rules it is a click rate, q = (c + m·q_g·r_g) / (n + m): their own decayed clicks c of n impressions, and
/// as much as m impressions of what all users do there (q_g). Then SquareCB or softmax, with a floor; a part of the probability is what the
/// scores of the candidates say, and a part is for what the user held long since. Somebody whose last act is a search is taken to be
/// interested in the layers of its answers, and in nothing else at this moment.
/// </summary>
public sealed class LayerDistribution
{
    // Impressions that the rate over all layers weighs as much as in that of one.
    private const double PriorShown = 100;

    // How much the user was shown in the layers of the rule, decayed.
    private readonly double _shown;

    private LayerDistribution(LayerProbability[] layers, double shown) => (Layers, _shown) = (layers, shown);

    /// <summary>
    /// Most probable first. Probabilities sum to 1, that of candidates without a layer (id 0) among them; empty while no layer set is
    /// known.
    /// </summary>
    public IReadOnlyList<LayerProbability> Layers { get; }

    /// <summary>Probability of a slot; 0 outside the user's layers.</summary>
    public double Of(int slot) => RowOf(slot)?.Probability ?? 0;

    /// <summary>How likely the user likes the layer in a slot.</summary>
    public double BeliefIn(int slot) => RowOf(slot)?.Belief ?? LayerLiking.Nominal;

    /// <summary>
    /// Computes the distribution. Weights of the store count first, then the layers of the user's items, then everybody's weightiest
    /// layers.
    /// </summary>
    public static LayerDistribution For(
        CatalogueView view, UserHistory history, UserState user, RankingPolicy policy, SlateOptions options, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        return Of(view, history, user, policy, options, nowMs, []);
    }

    /// <summary>The distribution that the slate of a request is placed by.</summary>
    /// <param name="request">A request with scored candidates.</param>
    /// <param name="user">The user's weights and outcomes.</param>
    /// <param name="policy">What all users do.</param>
    /// <param name="options">Settings.</param>
    public static LayerDistribution For(RankingRequest request, UserState user, RankingPolicy policy, SlateOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        var said = request.Text.Searching ? FromQuery(request) : [];
        var own = Of(request.View, request.History, user, policy, options, request.NowMs, said);
        return said.Count > 0 || request.Count == 0 || own.Layers.Count == 0
            ? own
            : own.With(ScoreMass.Of(request, options.BoostRate), own.ShareOfScores(options), request.View)
                .WithHeld(HeldInterests.Of(request, options));
    }

    private LayerProbability? RowOf(int slot)
    {
        foreach (var layer in Layers)
        {
            if (layer.Slot == slot)
            {
                return layer;
            }
        }

        return null;
    }

    private static LayerDistribution Of(
        CatalogueView view, UserHistory history, UserState user, RankingPolicy policy, SlateOptions options, long nowMs,
        List<LayerInterest> said)
    {
        var controls = LayerControls.For(view.Layers, user.Profile);
        var interests = said.Count > 0 ? said : Stored(view, user.Layers, controls);
        interests = interests.Count > 0 ? interests : FromItems(view, history, controls);
        var fromUser = interests.Count > 0;
        interests = fromUser ? interests : FromEverybody(view, controls, UserHistory.MaxLayers);
        if (fromUser && options.NewLayers > 0)
        {
            var heaviest = FromEverybody(view, controls, interests.Count + options.NewLayers);
            AddNew(interests, heaviest.Select(layer => layer.Slot), options.NewLayers);
        }

        AddNew(interests, controls.Wanted, int.MaxValue);
        var (rates, doubts, beliefs) = (new double[interests.Count], new double[interests.Count], new double[interests.Count]);
        var shown = 0.0;
        var decay = HalfLives.Factor(nowMs - (user.Policy?.AsOfUnixMs ?? nowMs), HalfLives.LongRate);
        var overall = policy.Clicks / policy.Shown;
        for (var g = 0; g < rates.Length; g++)
        {
            var id = view.Layers.IdOf(interests[g].Slot);
            var (own, ownShown, evidence) = OwnOutcomes.In(user.Policy, id, decay);
            var (all, allShown) = policy.OutcomesOf(id);
            var share = (interests[g].LongInterest + interests[g].ShortInterest) / 2;
            var interest = 0.5 + (0.5 * rates.Length * share);
            beliefs[g] = LayerLiking.Belief(evidence, LayerLiking.Nominal / (1 - LayerLiking.Nominal) * interest);
            var rate = options.Rule == LayerRule.Liking
                ? LayerLiking.Index(beliefs[g], policy.RatesOf(id))
                : LayerPolicy.ShrunkenRate(
                    own, ownShown, LayerPolicy.ShrunkenRate(all, allShown, overall, PriorShown) * interest, options.PriorImpressions);
            rates[g] = rate * (controls.Of(interests[g].Slot) == LayerAction.Boost ? options.BoostRate : 1);
            doubts[g] = Math.Sqrt(options.PriorImpressions / (options.PriorImpressions + ownShown));
            shown += ownShown;
        }

        var probabilities = new double[rates.Length];
        if (options.Rule == LayerRule.Softmax)
        {
            LayerPolicy.Softmax(rates, options.Temperature, options.Floor, probabilities);
        }
        else
        {
            LayerPolicy.SquareCb(rates, LayerPolicy.Gamma(shown, options.Gamma), options.Floor, probabilities);
        }

        var layers = interests.Select((interest, g) => new LayerProbability(
            interest.Slot,
            view.Layers.IdOf(interest.Slot),
            fromUser ? interest.LongInterest : 0,
            fromUser ? interest.ShortInterest : 0,
            probabilities[g],
            Doubt: doubts[g],
            Belief: beliefs[g]));
        return new LayerDistribution([.. layers.OrderByDescending(layer => layer.Probability)], shown);
    }

    // The rule speaks of what came of slates: as long as nothing was shown it has nothing to say that the scores do not.
    private double ShareOfScores(SlateOptions options)
        => 1 - ((1 - options.ScoreShare) * _shown / (_shown + options.PriorImpressions));

    // Of each layer that much of the scores' mass, and the rest as it is.
    private LayerDistribution With(double[] mass, double share, CatalogueView view)
    {
        var layers = Layers
            .Select(layer => layer with { Probability = ((1 - share) * layer.Probability) + (share * mass[layer.Slot]) }).ToList();
        for (var slot = 0; slot < mass.Length; slot++)
        {
            if (mass[slot] > 0 && layers.TrueForAll(layer => layer.Slot != slot))
            {
                layers.Add(new LayerProbability(slot, view.Layers.IdOf(slot), 0, 0, share * mass[slot]));
            }
        }

        return new LayerDistribution([.. layers.OrderByDescending(layer => layer.Probability)], _shown);
    }

    private LayerDistribution WithHeld(double[] held)
    {
        var others = 1 - Layers.Sum(layer => held[layer.Slot]);
        return new LayerDistribution([.. Layers
            .Select(layer => layer with { Probability = (others * layer.Probability) + held[layer.Slot], Held = held[layer.Slot] })
            .OrderByDescending(layer => layer.Probability)], _shown);
    }

    private static List<LayerInterest> FromQuery(RankingRequest request)
        => Shares([.. request.Text.Queries.LayersOf(request.View.Layers)
            .Where(layer => request.Controls.Of(layer.Slot) != LayerAction.Mute)
            .Select(layer => new LayerInterest(layer.Slot, layer.Share, layer.Share))]);

    private static List<LayerInterest> Stored(CatalogueView view, UserLayers? stored, LayerControls controls)
        => Shares([.. StoredInterests.Of(view, stored, controls)
            .Select(interest => new LayerInterest(interest.Slot, interest.LongTerm, interest.ShortTerm))]);

    private static List<LayerInterest> FromItems(CatalogueView view, UserHistory history, LayerControls controls)
        => Shares([.. history.UserSlots
            .Where(slot => slot < view.Layers.Count && controls.Of(slot) != LayerAction.Mute)
            .Take(UserHistory.MaxLayers)
            .Select(slot => new LayerInterest(slot, history.LongShare(slot), history.ShortShare(slot)))]);

    private static List<LayerInterest> FromEverybody(CatalogueView view, LayerControls controls, int count)
        => Shares([.. view.Layers.Heaviest
            .Where(slot => controls.Of(slot) != LayerAction.Mute)
            .Take(count)
            .Select(slot => new LayerInterest(slot, view.Layers.MassOf(view.Layers[slot]!), view.Layers.MassOf(view.Layers[slot]!)))]);

    // Layers that the user has no interest in yet.
    private static void AddNew(List<LayerInterest> interests, IEnumerable<int> slots, int most)
    {
        var others = slots.Where(slot => interests.TrueForAll(own => own.Slot != slot)).Take(most);
        interests.AddRange([.. others.Select(slot => new LayerInterest(slot, 0, 0))]);
    }

    // Shares are the same at every later time, as all weights of a horizon decay alike.
    private static List<LayerInterest> Shares(List<LayerInterest> weights)
    {
        var (longTotal, shortTotal) = (weights.Sum(w => Math.Max(0, w.LongInterest)), weights.Sum(w => Math.Max(0, w.ShortInterest)));
        return [.. weights.Select(w =>
        {
            var share = longTotal > 0 ? Math.Max(0, w.LongInterest) / longTotal : 1.0 / weights.Count;
            return new LayerInterest(w.Slot, share, shortTotal > 0 ? Math.Max(0, w.ShortInterest) / shortTotal : share);
        })];
    }

    private readonly record struct LayerInterest(int Slot, double LongInterest, double ShortInterest);
}
