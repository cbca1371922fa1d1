using Microsoft.Extensions.DependencyInjection;

namespace Strata.Console;

/// <summary>Wires what the page knows by itself.</summary>
public static class ConsoleServices
{
    /// <summary>Adds the last hour, how far consumers are behind, and runs of the evaluator. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddOptions<ConsoleOptions>().BindConfiguration(ConsoleOptions.SectionName);
        services.AddSingleton(provider => new MetricHistory(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PartitionLags>();
        services.AddSingleton<EvaluationRuns>();
        return services;
    }
}
