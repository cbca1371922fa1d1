using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Embeddings;

internal static class EmbeddingsServices
{
    public static IServiceCollection AddEmbeddings(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EmbeddingsOptions, EmbeddingsOptionsValidator>()
            .BindConfiguration(EmbeddingsOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddingsOptions>, EncoderFilesValidator>());
        services.AddHostedService<IcuRequirement>();
        services.TryAddSingleton<EmbeddingsMetrics>();
        services.TryAddSingleton<OnnxEncoder>();
        services.TryAddSingleton<IEncoder>(
            provider => ActivatorUtilities.CreateInstance<CachedEncoder>(provider, provider.GetRequiredService<OnnxEncoder>()));
        return services;
    }
}
