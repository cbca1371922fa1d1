using System.Text.Json.Serialization;

namespace Strata.Local.Summary;

/// <summary>Layers and slates at one moment of the stream. All figures but the first are shares or agreements from 0 to 1.</summary>
/// <param name="Events">The shoppers' own events so far.</param>
/// <param name="Nmi">Normalised mutual information of items' layers with the simulation's topics.</param>
/// <param name="NmiBatch">The same for a fresh seeding of as many layers from the same items.</param>
/// <param name="NmiSearches">The same for searches of users new to the system: the layer on which the search gave them most
/// weight.</param>
/// <param name="EmptyLayerShare">Share of all layers' weight that lies on layers to which fewer than three items are nearest.</param>
/// <param name="SearchSlateShare">Share of the topic's items in slates of ten for new users after one search in it: of as many as can be,
/// min(10, the topic's live items).</param>
/// <param name="ClickSlateShare">The same after five clicks in the topic and no search.</param>
internal sealed record SeriesRow(
    int Events,
    double Nmi,
    double NmiBatch,
    double NmiSearches,
    double EmptyLayerShare,
    double SearchSlateShare,
    double ClickSlateShare)
{
    /// <summary>Searches that gave their users no weight on any layer; they count as lying in one layer more.</summary>
    [JsonIgnore]
    public int SearchesWithoutWeight { get; init; }

    /// <summary>In one line.</summary>
    public override string ToString()
        => $"{Events:N0} events: layers ~ topics {Nmi:F3}, fresh seeding {NmiBatch:F3}, searches {NmiSearches:F3} "
            + $"({SearchesWithoutWeight} without weight); "
            + $"weight on empty layers {EmptyLayerShare:P1}; of the topic in slates after a search {SearchSlateShare:F2}, "
            + $"after five clicks {ClickSlateShare:F2}";
}
