using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Edge.Calls;

/// <summary>Limits of calls, over gRPC and JSON alike.</summary>
public sealed class CallsOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Calls";

    /// <summary>Largest message taken, in bytes. A larger one ends with RESOURCE_EXHAUSTED (JSON: HTTP 413).</summary>
    /// <value>The default is 4,194,304 (4 MiB); at most 28 MiB, below the server's own limit of a body.</value>
    [Range(1024, 28 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class CallsOptionsValidator : IValidateOptions<CallsOptions>;
