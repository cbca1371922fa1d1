using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Numerics;
using Strata.RankingModel;

namespace Strata.Optimizer.LayerPolicy;

/// <summary>
/// Clicks and impressions of each layer over all users, decayed by event time, and the part of both that goes to users who like the layer:
/// what a single user's few observations are judged by.
/// </summary>
public sealed class LayerRates(TimeSpan halfLife)
{
    /// <summary>A layer with less than this left (about half a year of silence after a thousand impressions) is forgotten.</summary>
    private const double Forgotten = 1e-2;

    /// <summary>Time moves in steps of at least a minute, so that a burst of slates decays the sums once.</summary>
    private const long StepMs = 60_000;

    private readonly SortedDictionary<uint, Sums> _layers = [];
    private Sums _all;

    /// <summary>The sums are as of this event time, in Unix milliseconds: the newest absorbed, to the minute.</summary>
    public long AsOfUnixMs { get; private set; }

    /// <summary>Adds the outcomes of one slate. Layer 0 (none) enters the totals only.</summary>
    public void Absorb(RepeatedField<TrainingExample.Types.LayerOutcome> outcomes, long timeUnixMs)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        if (outcomes.Count == 0)
        {
            return;
        }

        DecayTo(timeUnixMs);
        foreach (var outcome in outcomes)
        {
            var sums = _layers.GetValueOrDefault(outcome.LayerId);
            var added = (sums.Shown > 0 ? sums : _all).Of(outcome);
            _all = _all.Plus(added);
            if (outcome.LayerId != 0)
            {
                _layers[outcome.LayerId] = sums.Plus(added);
            }
        }
    }

    /// <summary>Writes the rates into a policy, layers in the order of their ids.</summary>
    public void WriteTo(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.Layers.Clear();
        foreach (var (layer, sums) in _layers)
        {
            policy.Layers.Add(new Policy.Types.LayerRate
            {
                LayerId = layer,
                Clicks = sums.Clicks,
                Shown = sums.Shown,
                LikedClicks = sums.LikedClicks,
                LikedShown = sums.LikedShown,
            });
        }

        (policy.Clicks, policy.Shown) = (_all.Clicks, _all.Shown);
        (policy.LikedClicks, policy.LikedShown) = (_all.LikedClicks, _all.LikedShown);
        policy.TimeUnixMs = AsOfUnixMs;
    }

    public static LayerRates From(Policy policy, TimeSpan halfLife)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var rates = new LayerRates(halfLife)
        {
            AsOfUnixMs = policy.TimeUnixMs,
            _all = new Sums(policy.Clicks, policy.Shown, policy.LikedClicks, policy.LikedShown).Split(),
        };
        foreach (var layer in policy.Layers)
        {
            rates._layers[layer.LayerId] = new Sums(layer.Clicks, layer.Shown, layer.LikedClicks, layer.LikedShown).Split();
        }

        return rates;
    }

    private void DecayTo(long timeUnixMs)
    {
        if (timeUnixMs - AsOfUnixMs < StepMs)
        {
            return;
        }

        var keep = AsOfUnixMs == 0 ? 1 : Decay.Factor(timeUnixMs - AsOfUnixMs, halfLife);
        AsOfUnixMs = timeUnixMs;
        _all = _all.Times(keep);
        foreach (var (layer, sums) in _layers.ToArray())
        {
            var left = sums.Times(keep);
            if (left.Shown < Forgotten)
            {
                _layers.Remove(layer);
            }
            else
            {
                _layers[layer] = left;
            }
        }
    }

    private readonly record struct Sums(double Clicks, double Shown, double LikedClicks, double LikedShown)
    {
        private const double ClicksOfLikers =
            LayerLiking.Nominal * LayerLiking.Lift / (1 + (LayerLiking.Nominal * (LayerLiking.Lift - 1)));

        // What says nothing of liking, from a release before, is split as what is known of the layer; else as while nothing is known.
        public Sums Of(TrainingExample.Types.LayerOutcome outcome)
        {
            var (clicks, shown) = outcome.Liked > 0
                ? (outcome.Liked, (double)outcome.Liked)
                : (
                    LikedShown > 0 && Clicks > 0 ? LikedClicks / Clicks : ClicksOfLikers,
                    LikedShown > 0 ? LikedShown / Shown : LayerLiking.Nominal);
            return new Sums(outcome.Chosen, outcome.Shown, clicks * outcome.Chosen, shown * outcome.Shown);
        }

        // A release before did not split: as while nothing is known, or all of it would count as not liked.
        public Sums Split()
            => LikedShown > 0
                ? this
                : this with { LikedShown = LayerLiking.Nominal * Shown, LikedClicks = ClicksOfLikers * Clicks };

        public Sums Plus(Sums other)
            => new(Clicks + other.Clicks, Shown + other.Shown, LikedClicks + other.LikedClicks, LikedShown + other.LikedShown);

        public Sums Times(double factor) => new(Clicks * factor, Shown * factor, LikedClicks * factor, LikedShown * factor);
    }
}
