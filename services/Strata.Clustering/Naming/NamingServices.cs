using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using Polly;
using Polly.Retry;

namespace Strata.Clustering.Naming;

/// <summary>Wires what asks a chat model for titles. Without an endpoint nothing of it runs but the empty book.</summary>
internal static class NamingServices
{
    public static IServiceCollection AddNaming(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<TitlesOptions, TitlesOptionsValidator>().BindConfiguration(TitlesOptions.SectionName);
        services.TryAddSingleton<TitleBook>();
        if (string.IsNullOrEmpty(configuration[$"{TitlesOptions.SectionName}:{nameof(TitlesOptions.Endpoint)}"]))
        {
            return services;
        }

        services.TryAddSingleton<TitlesMetrics>();
        services.TryAddSingleton(provider => Client(provider.GetRequiredService<IOptions<TitlesOptions>>().Value));
        services.AddResiliencePipeline(LayerTitler.Pipeline, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            Build(builder, context.ServiceProvider.GetRequiredService<IOptions<TitlesOptions>>().Value);
        });
        return services.AddHostedService<LayerTitler>();
    }

    /// <summary>Total timeout, retry, attempt timeout.</summary>
    internal static void Build(ResiliencePipelineBuilder builder, TitlesOptions options)
    {
        builder.AddTimeout(options.TotalTimeout);
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(LayerTitler.IsFault),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
            });
        }

        builder.AddTimeout(options.AttemptTimeout);
    }

    /// <summary>The client, without retries of its own: the pipeline counts them against the budget.</summary>
    internal static IChatClient Client(TitlesOptions options)
        => new ChatClient(
            options.Model,
            new ApiKeyCredential(options.ApiKey.Length > 0 ? options.ApiKey : "none"),
            new OpenAIClientOptions
            {
                Endpoint = options.Endpoint,
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                NetworkTimeout = options.TotalTimeout,
            }).AsIChatClient();
}
