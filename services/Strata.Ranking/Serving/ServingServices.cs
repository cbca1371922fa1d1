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
        AddReads(services, UserReader.Pipeline, options => options.StoreTimeout);
        AddReads(services, UserReader.RequiredPipeline, options => options.RequiredStoreTimeout);
        services.TryAddSingleton<ServingMetrics>();
        services.TryAddSingleton<UserReader>();
        services.TryAddSingleton<LayerWishes>();
        return services;
    }

    private static void AddReads(IServiceCollection services, string pipeline, Func<ServingOptions, TimeSpan> timeout)
        => services.AddResiliencePipeline(pipeline, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder.AddTimeout(timeout(context.ServiceProvider.GetRequiredService<IOptions<ServingOptions>>().Value));
        });
}
