using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Strata.Contracts.Catalog.V1;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Users.Core;

/// <summary>Whom a user has an attribute in common with.</summary>
public static class Cohorts
{
    /// <summary>With what names of segments begin. No attribute is called so.</summary>
    public const string SegmentPrefix = "segment=";

    /// <summary>Buckets that users fall into, by a hash of their id.</summary>
    public const int Buckets = 256;

    /// <summary>Items of a user up to which their segment says more of them than they do.</summary>
    public const int FewItems = 2;

    /// <summary>Name of a segment as a cohort.</summary>
    public static string NameOf(uint segmentId) => string.Create(CultureInfo.InvariantCulture, $"{SegmentPrefix}{segmentId}");

    /// <summary>Names of a user's attributes, and of their segment; 0: they lie in none.</summary>
    public static IReadOnlyList<string> NamesOf(UserAttributes? attributes, uint segmentId)
        => segmentId == 0 ? NamesOf(attributes) : [.. NamesOf(attributes), NameOf(segmentId)];

    /// <summary>One name an attribute that is known, as <c>gender=f</c>.</summary>
    public static IReadOnlyList<string> NamesOf(UserAttributes? attributes)
        => attributes is null
            ? []
            : [.. new[]
            {
                ("age_band", attributes.AgeBand), ("gender", attributes.Gender), ("region", attributes.Region),
            }.Where(attribute => attribute.Item2.Length > 0).Select(attribute => $"{attribute.Item1}={attribute.Item2}")];

    /// <summary>
    /// Layer of an item, as far as it is new to a user who has items in these slots; else 0. An interest counts once: twenty choices of one
    /// user in a layer say as much of their cohort as one.
    /// </summary>
    public static uint NewLayer(CatalogueView view, IReadOnlyList<int> slots, int item)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(slots);
        var slot = view.Assignment.SlotOf(item);
        return slots.Contains(slot) ? 0 : view.Layers.IdOf(slot);
    }

    /// <summary>A user's bucket, 0 to 255.</summary>
    public static uint BucketOf(string userId) => (uint)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(userId)) % Buckets);
}
