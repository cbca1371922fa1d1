using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Layers.Wire;

/// <summary>Titles as they lie in a layer's message.</summary>
internal static class TitleCodec
{
    /// <summary>The title as a message; null without one.</summary>
    public static Messages.LayerTitle? ToMessage(LayerTitle? title) => title is null
        ? null
        : new Messages.LayerTitle
        {
            Title = title.Title,
            Description = title.Description,
            ContentHash = title.ContentHash,
            Suggestion = title.Suggestion is { } suggestion
                ? new Messages.LayerTitle.Types.Suggestion { IntoLayerId = suggestion.IntoLayerId, Why = suggestion.Why }
                : null,
        };

    /// <summary>The message as a title.</summary>
    public static LayerTitle? FromMessage(Messages.LayerTitle? message) => message is null
        ? null
        : new LayerTitle(
            message.ContentHash,
            message.Title,
            message.Description,
            message.Suggestion is { } suggestion ? new LayerSuggestion(suggestion.IntoLayerId, suggestion.Why) : null);
}
