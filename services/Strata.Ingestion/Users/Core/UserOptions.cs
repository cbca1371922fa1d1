using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ingestion.Users.Core;

/// <summary>Limits of user attributes.</summary>
public sealed class UserOptions
{
    public const string SectionName = "Ingestion:Users";

    /// <summary>Users in one call.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 1000;

    /// <summary>Longest user_id, in characters.</summary>
    /// <value>The default is 128.</value>
    [Range(1, 1024)]
    public int MaxIdLength { get; set; } = 128;

    /// <summary>Longest age band, gender or region, in characters.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 1024)]
    public int MaxAttributeLength { get; set; } = 32;
}

[OptionsValidator]
internal sealed partial class UserOptionsValidator : IValidateOptions<UserOptions>;
