using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ranking.Holdings;

/// <summary>Wires the calls on what is held of a user.</summary>
internal static class HoldingsServices
{
    public static IServiceCollection AddHoldings(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<HoldingsOptions, HoldingsOptionsValidator>()
            .BindConfiguration(HoldingsOptions.SectionName);
        services.TryAddSingleton(new ForgetClock(() => null));
        services.TryAddSingleton<UserLook>();
        services.TryAddSingleton<UserPlaces>();
        services.TryAddSingleton<ShownSlates>();
        services.TryAddSingleton<UserForgetting>();
        services.TryAddSingleton<UserMerging>();
        services.TryAddSingleton<ConsentPublisher>();
        return services;
    }
}
