using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polly;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Serving;

/// <summary>Wires the rooms that place and serve.</summary>
internal static class ServingServices
{
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SlateOptions, SlateOptionsValidator>().BindConfiguration(SlateOptions.SectionName);
        services.AddOptionsWithValidateOnStart<ServingOptions, ServingOptionsValidator>().BindConfiguration(ServingOptions.SectionName);
        services.AddResiliencePipeline(UserReader.Pipeline, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder.AddTimeout(context.ServiceProvider.GetRequiredService<IOptions<ServingOptions>>().Value.StoreTimeout);
        });
        services.TryAddSingleton<ServingMetrics>();
        services.TryAddSingleton<UserReader>();
        services.TryAddSingleton<LayerWishes>();
        return services;
    }
}
