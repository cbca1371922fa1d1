using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ingestion.Events.Core;

/// <summary>What happens to an event whose item was never put.</summary>
public enum UnknownItems
{
    /// <summary>It is refused with FAILED_PRECONDITION.</summary>
    Reject,

    /// <summary>It is taken; it says nothing until its item is put.</summary>
    Accept,
}

/// <summary>Settings across what Ingestion takes.</summary>
public sealed class IngestionOptions
{
    public const string SectionName = "Ingestion";

    /// <summary>What happens to an event whose item was never put: Reject or Accept.</summary>
    /// <value>The default is Reject.</value>
    [EnumDataType(typeof(UnknownItems))]
    public UnknownItems UnknownItems { get; set; } = UnknownItems.Reject;
}

[OptionsValidator]
internal sealed partial class IngestionOptionsValidator : IValidateOptions<IngestionOptions>;
