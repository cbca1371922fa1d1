using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Queries;

internal static class QueriesServices
{
    public static IServiceCollection AddQueries(this IServiceCollection services)
    {
        services.AddGrpc();
        services.TryAddSingleton(provider => new QueryDescriber(
            provider.GetRequiredService<TermExtractor>(),
            provider.GetRequiredService<IEncoder>(),
            provider.GetRequiredService<AnswerTable>(),
            provider.GetRequiredService<IOptions<TokensOptions>>()));
        return services;
    }
}
