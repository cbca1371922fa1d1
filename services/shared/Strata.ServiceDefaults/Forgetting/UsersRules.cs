using Microsoft.Extensions.Options;
using Strata.Streaming.Topology;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>That a user was forgotten is remembered as long as a record of theirs may be read.</summary>
internal sealed class UsersRules(IOptions<RetentionOptions> retention) : IValidateOptions<UsersOptions>
{
    public ValidateOptionsResult Validate(string? name, UsersOptions options)
        => retention.Value.Longest is { } longest && longest > options.MarkLifetime
            ? ValidateOptionsResult.Fail(
                $"Users:MarkLifetime = {options.MarkLifetime} is shorter than {RetentionOptions.SectionName} keeps records ({longest}): "
                    + "what a forgotten user did before could be read again")
            : ValidateOptionsResult.Success;
}
