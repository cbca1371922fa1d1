using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Ranking.Candidates;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.ServiceDefaults.Settings;

namespace Strata.Ranking.Serving.Arms;

/// <summary>Wires the arms of experiments.</summary>
internal static class ArmsServices
{
    public static IServiceCollection AddArms(this IServiceCollection services)
    {
        services.AddOptions<ExperimentsRead>()
            .Configure<IConfiguration>((read, settings) => read.Read(settings.GetSection(ExperimentsRead.SectionName)))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExperimentsRead>, ExperimentsValidator>());
        services.AddSingleton(new FreeSection(ExperimentsRead.SectionName));
        services.TryAddSingleton(typeof(ArmOptions<>));
        services.TryAddSingleton(provider =>
        {
            var slates = provider.GetRequiredService<ArmOptions<SlateOptions>>();
            var candidates = provider.GetRequiredService<ArmOptions<CandidateOptions>>();
            return new ServingArms(
                new ServingArm(
                    provider.GetRequiredService<Recommender>(), provider.GetRequiredService<IOptions<SlateOptions>>().Value, []),
                provider.GetRequiredService<IOptions<ExperimentsRead>>().Value.Experiments,
                (names, options) =>
                {
                    var own = slates.Under(options.Select(arm => arm.GetSection(ExperimentsRead.Slates)));
                    var recommender = provider.GetRequiredService<Recommender>().With(
                        candidates.Under(options.Select(arm => arm.GetSection(ExperimentsRead.Candidates))), own.OneInterest);
                    return new ServingArm(recommender, own, names);
                });
        });
        return services;
    }
}
