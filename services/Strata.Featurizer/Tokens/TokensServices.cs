using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Tokens;

internal static class TokensRoom
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TokensOptions, TokensOptionsValidator>().BindConfiguration(TokensOptions.SectionName);
        services.TryAddSingleton<TermExtractor>();
        return services;
    }
}
