using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Tokens;

internal static class TokensServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TokensOptions, TokensOptionsValidator>().BindConfiguration(TokensOptions.SectionName);
        services.TryAddSingleton<TermExtractor>();
        return services;
    }
}
