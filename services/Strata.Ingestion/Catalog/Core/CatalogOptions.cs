using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ingestion.Catalog.Core;

/// <summary>Limits of items.</summary>
public sealed class CatalogOptions
{
    public const string SectionName = "Ingestion:Catalog";

    /// <summary>Items in one call.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 1000;

    /// <summary>Longest item_id or group, in characters.</summary>
    /// <value>The default is 128.</value>
    [Range(1, 1024)]
    public int MaxIdLength { get; set; } = 128;

    /// <summary>Longest title, in characters.</summary>
    /// <value>The default is 512.</value>
    [Range(1, 65_536)]
    public int MaxTitleLength { get; set; } = 512;

    /// <summary>Longest description, in bytes of UTF-8. All of an item must fit into one record of the broker.</summary>
    /// <value>The default is 32,768 (32 KiB).</value>
    [Range(1, 524_288)]
    public int MaxDescriptionBytes { get; set; } = 32 * 1024;

    /// <summary>Categories of one item.</summary>
    /// <value>The default is 16.</value>
    [Range(0, 1024)]
    public int MaxCategories { get; set; } = 16;

    /// <summary>Tags of one item.</summary>
    /// <value>The default is 64.</value>
    [Range(0, 1024)]
    public int MaxTags { get; set; } = 64;

    /// <summary>Pictures of one item.</summary>
    /// <value>The default is 8.</value>
    [Range(0, 64)]
    public int MaxPictures { get; set; } = 8;

    /// <summary>Bytes of all pictures of one item. All of an item must fit into one record of the broker (1 MB).</summary>
    /// <value>The default is 524,288 (512 KiB).</value>
    [Range(0, 900_000)]
    public int MaxPictureBytes { get; set; } = 512 * 1024;

    /// <summary>Longest category or tag, in characters.</summary>
    /// <value>The default is 256.</value>
    [Range(1, 65_536)]
    public int MaxWordLength { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class CatalogOptionsValidator : IValidateOptions<CatalogOptions>;
