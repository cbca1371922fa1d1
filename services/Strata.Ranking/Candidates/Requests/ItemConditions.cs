using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Candidates.Requests;

/// <summary>What a request wants of every item that it is answered with, as <see cref="ItemFilter"/> says it. Immutable.</summary>
public sealed class ItemConditions
{
    private readonly ItemFilter _filter;
    private readonly HashSet<string> _categories;
    private readonly HashSet<string> _avoidCategories;
    private readonly HashSet<string> _tags;
    private readonly HashSet<string> _avoidTags;
    private readonly IReadOnlySet<ulong>? _before;

    private ItemConditions(ItemFilter filter, IReadOnlySet<ulong>? before)
    {
        (_filter, _before) = (filter, before);
        (_categories, _avoidCategories) = (Words(filter.Categories), Words(filter.AvoidCategories));
        (_tags, _avoidTags) = (Words(filter.Tags), Words(filter.AvoidTags));
    }

    /// <summary>The conditions of a filter, and of the pages before by their token; null when there are none.</summary>
    public static ItemConditions? Of(ItemFilter? filter, IReadOnlySet<ulong>? before = null)
        => before is { Count: > 0 } || filter?.CalculateSize() > 0 ? new ItemConditions(filter ?? new ItemFilter(), before) : null;

    /// <summary>Slots of the layers to avoid.</summary>
    public IEnumerable<int> Avoided(CatalogueView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return _filter.AvoidLayerIds.SelectMany(view.Layers.SlotsOf).Select(heir => heir.Slot);
    }

    /// <summary>Whether an item of a catalogue is as it should be, layers to avoid apart.</summary>
    public Func<int, bool> In(CatalogueView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var slots = _filter.LayerIds.Count == 0
            ? null
            : _filter.LayerIds.SelectMany(view.Layers.SlotsOf).Select(heir => heir.Slot).ToHashSet();
        return item => (slots is null || slots.Contains(view.Assignment.SlotOf(item)))
            && view.Items.Features[item] is { } features
            && Hold(features)
            && (_before is null || !_before.Contains(PageToken.HashOf(features.ItemId)));
    }

    /// <summary>Whether what is told of an item is as it should be.</summary>
    public bool Hold(ItemFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return (_categories.Count == 0 || features.Categories.Any(_categories.Contains))
            && (_avoidCategories.Count == 0 || !features.Categories.Any(_avoidCategories.Contains))
            && (_tags.Count == 0 || features.Tags.Any(_tags.Contains))
            && (_avoidTags.Count == 0 || !features.Tags.Any(_avoidTags.Contains))
            && Affords(features.Price)
            && (_filter.Availability.Count == 0 || _filter.Availability.Contains(features.Availability))
            && _filter.Attributes.All(wanted => features.Attributes.TryGetValue(wanted.Name, out var value)
                && (wanted.AnyOf.Count == 0 || wanted.AnyOf.Contains(value)));
    }

    private bool Affords(Price? price)
        => (!_filter.HasMinPrice || price?.Amount >= _filter.MinPrice)
            && (!_filter.HasMaxPrice || price?.Amount <= _filter.MaxPrice)
            && (_filter.Currency.Length == 0 || price is null || price.Currency == _filter.Currency);

    private static HashSet<string> Words(IEnumerable<string> words) => new(words, StringComparer.OrdinalIgnoreCase);
}
