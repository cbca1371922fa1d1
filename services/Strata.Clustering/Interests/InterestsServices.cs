using Strata.Clustering.Interests.Core;

namespace Strata.Clustering.Interests;

/// <summary>Wires what users' weights are kept by. Their stores belong to the partitions that write them.</summary>
internal static class InterestsServices
{
    public static IServiceCollection AddInterests(this IServiceCollection services)
        => services.AddOptionsWithValidateOnStart<InterestsOptions, InterestsOptionsValidator>()
            .BindConfiguration(InterestsOptions.SectionName).Services;
}
