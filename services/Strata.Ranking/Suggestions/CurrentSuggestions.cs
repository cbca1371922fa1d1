using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Suggestions;

/// <summary>The slot of the index in force.</summary>
internal sealed class CurrentSuggestions
{
    private SuggestionIndex? _index;

    /// <summary>Null before the first one is built.</summary>
    public SuggestionIndex? Index
    {
        get => Volatile.Read(ref _index);
        set => Volatile.Write(ref _index, value);
    }
}
