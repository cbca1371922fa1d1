using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Queries;

/// <summary>Who describes queries that a call brings.</summary>
public sealed class QueriesOptions
{
    public const string SectionName = "Ranking:Queries";

    /// <summary>
    /// gRPC address of Featurizer, for example <c>http://featurizer:8081</c>. Empty: queries in calls are not understood.
    /// </summary>
    /// <value>Empty.</value>
    public string Address { get; set; } = "";

    /// <summary>Key of scope "read", where Featurizer asks for one.</summary>
    /// <value>Empty.</value>
    public string Key { get; set; } = "";

    /// <summary>Time for one query. Afterwards a slate is made without it, and a search ends as UNAVAILABLE.</summary>
    /// <value>500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);
}

[OptionsValidator]
internal sealed partial class QueriesOptionsValidator : IValidateOptions<QueriesOptions>;

internal sealed class QueriesAddressValidator : IValidateOptions<QueriesOptions>
{
    public ValidateOptionsResult Validate(string? name, QueriesOptions options)
        => options.Address.Length == 0
            || (Uri.TryCreate(options.Address, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{QueriesOptions.SectionName}:Address is '{options.Address}', which is no http or https address.");
}
