using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Ingestion.Events.Core;

namespace Strata.Ingestion.Events;

internal static class EventsServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EventOptions, EventOptionsValidator>().BindConfiguration(EventOptions.SectionName);
        services.AddOptionsWithValidateOnStart<IngestionOptions, IngestionOptionsValidator>()
            .BindConfiguration(IngestionOptions.SectionName);
        services.TryAddSingleton(new EventClock(() => null));
        services.TryAddSingleton<EventIntake>();
        services.TryAddSingleton<EventStream>();
        services.TryAddSingleton<EventBatch>();
        return services;
    }
}
