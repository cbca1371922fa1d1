using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.Ingestion.Events;

namespace Strata.Ingestion;

/// <summary>Settings across the rooms of Ingestion.</summary>
public sealed class IngestionOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Ingestion";

    /// <summary>What happens to an event whose item was never put: Reject or Accept.</summary>
    /// <value>The default is Reject.</value>
    [EnumDataType(typeof(UnknownItems))]
    public UnknownItems UnknownItems { get; set; } = UnknownItems.Reject;
}

/// <summary>Checks <see cref="IngestionOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class IngestionOptionsValidator : IValidateOptions<IngestionOptions>;
