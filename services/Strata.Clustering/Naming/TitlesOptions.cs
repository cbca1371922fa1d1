using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Clustering.Naming;

/// <summary>A chat model that writes titles of layers. Off unless there is an endpoint.</summary>
public sealed class TitlesOptions : IValidatableObject
{
    public const string SectionName = "Clustering:Titles";

    /// <summary>
    /// Address of an OpenAI-compatible API, for example http://localhost:11434/v1. Words and titles of items are sent there.
    /// </summary>
    /// <value>Default: none, which switches titles off.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Name of the model.</summary>
    /// <value>Default: none; required with an endpoint.</value>
    public string Model { get; set; } = "";

    /// <summary>Key of the API; by environment only (Clustering__Titles__ApiKey).</summary>
    /// <value>Default: none.</value>
    public string ApiKey { get; set; } = "";

    /// <summary>Most calls within an hour, repeated ones among them.</summary>
    /// <value>Default: 120.</value>
    [Range(1, 100_000)]
    public int CallsPerHour { get; set; } = 120;

    /// <summary>Time for one call.</summary>
    /// <value>Default: 20 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time for an answer, with all its repeated calls.</summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a failed call is repeated.</summary>
    /// <value>Default: 2.</value>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;

    /// <summary>Pause before the first repeated call; it doubles.</summary>
    /// <value>Default: 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause after an answer that did not come, and while the hour's calls are spent.</summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Rest { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often open questions are looked for.</summary>
    /// <value>Default: 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { IsAbsoluteUri: false } || Endpoint is { Scheme: not ("http" or "https") })
        {
            yield return new ValidationResult($"Endpoint '{Endpoint}' is no http or https address", [nameof(Endpoint)]);
        }

        if (Endpoint is not null && Model.Length == 0)
        {
            yield return new ValidationResult(
                $"Endpoint is '{Endpoint}' and Model is empty: name the model that answers there", [nameof(Model)]);
        }

        if (AttemptTimeout > TotalTimeout)
        {
            yield return new ValidationResult(
                $"AttemptTimeout {AttemptTimeout} is longer than TotalTimeout {TotalTimeout}", [nameof(AttemptTimeout)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class TitlesOptionsValidator : IValidateOptions<TitlesOptions>;
