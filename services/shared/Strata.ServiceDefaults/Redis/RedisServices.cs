using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;

namespace Strata.ServiceDefaults.Redis;

internal static class RedisServices
{
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RedisOptions, RedisOptionsValidator>().BindConfiguration(RedisOptions.SectionName);
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisRules>();
        services.AddSingleton<RedisConnection>();
        services.AddResiliencePipeline(RedisPipeline.Name, (builder, context) =>
            RedisPipeline.Build(builder, context.ServiceProvider.GetRequiredService<IOptions<RedisOptions>>().Value));
        services.AddSingleton<StoreContact>();
        services.AddSingleton<IStoreContact>(provider => provider.GetRequiredService<StoreContact>());
        services.AddSingleton<StoreMetrics>();
        services.AddHostedService(provider =>
        {
            provider.GetRequiredService<StoreMetrics>(); // it only watches
            return provider.GetRequiredService<StoreContact>();
        });
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        return services;
    }
}
