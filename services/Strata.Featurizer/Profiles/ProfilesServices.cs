using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Featurizer.Profiles.Core;
using Strata.Streaming;

namespace Strata.Featurizer.Profiles;

internal static class ProfilesServices
{
    public static IServiceCollection AddProfiles(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ProfilesOptions, ProfilesOptionsValidator>().BindConfiguration(ProfilesOptions.SectionName);
        services.TryAddSingleton<ProfilesMetrics>();
        services.TryAddSingleton<ItemFeaturesSource>();
        services.TryAddSingleton<SubjectSource>();
        return services.AddStreamConsumer<ProfilesHandler>(ProfilesOptions.Group, Topics.Events, Topics.Users);
    }
}
