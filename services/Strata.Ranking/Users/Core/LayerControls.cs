using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Layers;

namespace Strata.Ranking.Users.Core;

/// <summary>
/// What a user wants of the layers of a set. A control on a layer that is gone is one on its heirs; where several meet on one layer, the
/// user's word on the layer itself comes first, then the newest.
/// </summary>
public sealed class LayerControls
{
    private readonly Dictionary<int, (LayerAction Action, bool Own)> _actions = [];
    private readonly Dictionary<int, List<(LayerControl Control, float Share, bool Own)>> _forgotten = [];

    private LayerControls(LayerView layers, IEnumerable<LayerControl> controls)
    {
        foreach (var control in controls)
        {
            var own = layers.SlotOf(control.LayerId) >= 0;
            foreach (var (slot, share) in layers.SlotsOf(control.LayerId))
            {
                if (control.Action == LayerAction.Forget)
                {
                    Forgotten(slot).Add((control, share, own));
                }
                else if (!_actions.TryGetValue(slot, out var known) || (own && !known.Own))
                {
                    _actions[slot] = (control.Action, own);
                }
            }
        }
    }

    /// <summary>The user wants nothing in particular.</summary>
    public static LayerControls None { get; } = new(LayerView.None, []);

    /// <summary>Slots that the user wants nothing of, in ascending order.</summary>
    public IEnumerable<int> Muted => Slots.Where(slot => Of(slot) == LayerAction.Mute);

    /// <summary>Slots that the user wants something of, boosted or pinned, in ascending order.</summary>
    public IEnumerable<int> Wanted => Slots.Where(slot => Of(slot) is LayerAction.Boost or LayerAction.Pin);

    private IEnumerable<int> Slots => _actions.Keys.Order();

    /// <summary>The controls of a user on the layers of a set.</summary>
    public static LayerControls For(LayerView layers, Profile? profile)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return profile is { Controls.Count: > 0 } ? new LayerControls(layers, profile.Controls) : None;
    }

    /// <summary>What the user wants of a slot: boost, mute, pin, or unspecified.</summary>
    public LayerAction Of(int slot) => _actions.TryGetValue(slot, out var action) ? action.Action : LayerAction.Unspecified;

    /// <summary>
    /// What is left of weights on a slot, as of a time, without what was forgotten: nothing while they know of no later event (points
    /// that were on their way are forgotten too), afterwards the difference, which is what came since, because both decay alike.
    /// </summary>
    public (double LongTerm, double ShortTerm) Remaining(int slot, double longTerm, double shortTerm, long asOfUnixMs)
    {
        foreach (var (control, share, own) in _forgotten.GetValueOrDefault(slot) ?? [])
        {
            if (own && asOfUnixMs <= control.AskedUnixMs)
            {
                return (0, 0);
            }

            var elapsed = asOfUnixMs - control.AsOfUnixMs;
            longTerm = Left(longTerm, control.LongWeight * share * HalfLives.Factor(elapsed, HalfLives.LongRate));
            shortTerm = Left(shortTerm, control.ShortWeight * share * HalfLives.Factor(elapsed, HalfLives.ShortRate));
        }

        return (longTerm, shortTerm);
    }

    // Weights are floats at every step: what is left of equal ones is rounding.
    private static double Left(double weight, double forgotten)
        => weight - forgotten is var left && left > 1e-3 * forgotten ? left : forgotten > 0 ? 0 : weight;

    private List<(LayerControl Control, float Share, bool Own)> Forgotten(int slot)
        => _forgotten.TryGetValue(slot, out var forgotten) ? forgotten : _forgotten[slot] = [];
}
