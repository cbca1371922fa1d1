using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Settings;

namespace Strata.Ranking.Serving.Rules;

/// <summary>Wires the rules of operators.</summary>
internal static class RulesServices
{
    public static IServiceCollection AddRules(this IServiceCollection services)
    {
        services.AddOptions<RulesRead>()
            .Configure<IConfiguration>((read, settings) => read.Read(settings.GetSection(RulesRead.SectionName)))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RulesRead>, RulesValidator>());
        services.AddSingleton(new FreeSection(RulesRead.SectionName));
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<RulesRead>>().Value);
        return services;
    }
}
