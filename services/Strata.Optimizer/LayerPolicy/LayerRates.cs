using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Numerics;

namespace Strata.Optimizer.LayerPolicy;

/// <summary>
/// Clicks and impressions of each layer over all users, decayed by event time: the rates that a single user's few observations are shrunken
/// towards.
/// </summary>
public sealed class LayerRates(TimeSpan halfLife)
{
    /// <summary>A layer with less than this left (about half a year of silence after a thousand impressions) is forgotten.</summary>
    private const double Forgotten = 1e-2;

    /// <summary>Time moves in steps of at least a minute, so that a burst of slates decays the sums once.</summary>
    private const long StepMs = 60_000;

    private readonly SortedDictionary<uint, (double Clicks, double Shown)> _layers = [];
    private double _clicks;
    private double _shown;

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
            _clicks += outcome.Chosen;
            _shown += outcome.Shown;
            if (outcome.LayerId != 0)
            {
                var sums = _layers.GetValueOrDefault(outcome.LayerId);
                _layers[outcome.LayerId] = (sums.Clicks + outcome.Chosen, sums.Shown + outcome.Shown);
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
            policy.Layers.Add(new Policy.Types.LayerRate { LayerId = layer, Clicks = sums.Clicks, Shown = sums.Shown });
        }

        policy.Clicks = _clicks;
        policy.Shown = _shown;
        policy.TimeUnixMs = AsOfUnixMs;
    }

    public static LayerRates From(Policy policy, TimeSpan halfLife)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var rates = new LayerRates(halfLife) { AsOfUnixMs = policy.TimeUnixMs, _clicks = policy.Clicks, _shown = policy.Shown };
        foreach (var layer in policy.Layers)
        {
            rates._layers[layer.LayerId] = (layer.Clicks, layer.Shown);
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
        _clicks *= keep;
        _shown *= keep;
        foreach (var (layer, sums) in _layers.ToArray())
        {
            var left = (Clicks: sums.Clicks * keep, Shown: sums.Shown * keep);
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
}
