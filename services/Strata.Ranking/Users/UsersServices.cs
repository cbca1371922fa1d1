using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polly;

namespace Strata.Ranking.Users;

/// <summary>Wires the reader of users.</summary>
internal static class UsersServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UserReaderOptions, UserReaderOptionsValidator>()
            .BindConfiguration(UserReaderOptions.SectionName);
        AddReads(services, UserReader.Pipeline, options => options.StoreTimeout);
        AddReads(services, UserReader.RequiredPipeline, options => options.RequiredStoreTimeout);
        services.TryAddSingleton<UsersMetrics>();
        services.TryAddSingleton<UserReader>();
        return services;
    }

    private static void AddReads(IServiceCollection services, string pipeline, Func<UserReaderOptions, TimeSpan> timeout)
        => services.AddResiliencePipeline(pipeline, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder.AddTimeout(timeout(context.ServiceProvider.GetRequiredService<IOptions<UserReaderOptions>>().Value));
        });
}
