using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Candidates.Requests;

/// <summary>What a rule of an operator does with the items that it speaks of.</summary>
public enum SlateRuleAction
{
    /// <summary>The best of them come first.</summary>
    Pin,

    /// <summary>They come when nothing else is left.</summary>
    Bury,

    /// <summary>No more than so many of them come.</summary>
    Cap,
}

/// <summary>A rule of an operator that holds for a request.</summary>
/// <param name="name">Its name in the settings and in answers.</param>
/// <param name="action">What it does.</param>
/// <param name="places">Of a pin how many positions it fills, of a cap how many items a slate may have; a bury has none.</param>
/// <param name="conditions">Which items it speaks of, without layers.</param>
public sealed class SlateRule(string name, SlateRuleAction action, int places, ItemConditions conditions)
{
    private readonly SpokenItems _spoken = new(conditions.Hold);

    /// <summary>Its name in the settings and in answers.</summary>
    public string Name => name;

    /// <summary>What it does.</summary>
    public SlateRuleAction Action => action;

    /// <summary>Positions that a pin fills, or items of a slate that a cap allows.</summary>
    public int Places => places;

    /// <summary>Whether it speaks of an item of a catalogue.</summary>
    public bool SpeaksOf(CatalogueView view, int item)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Items.Features[item] is { } features && conditions.Hold(features);
    }

    /// <summary>The items of a catalogue that it speaks of, the first put first.</summary>
    internal int[] ItemsOf(CatalogueView view) => _spoken.In(view);
}
