using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ranking.Serving.Streams;

/// <summary>Wires the streams of slates.</summary>
internal static class StreamsServices
{
    public static IServiceCollection AddStreams(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<StreamsOptions, StreamsOptionsValidator>().BindConfiguration(StreamsOptions.SectionName);
        services.TryAddSingleton<StreamSeats>();
        services.TryAddSingleton<StreamsMetrics>();
        services.TryAddSingleton<SlateStreams>();
        return services;
    }
}
