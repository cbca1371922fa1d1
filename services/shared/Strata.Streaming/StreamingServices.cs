using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming;
using Strata.Streaming.Consuming.Hosting;
using Strata.Streaming.Consuming.Polling;
using Strata.Streaming.Publishing;
using Strata.Streaming.Tables;
using Strata.Streaming.Telemetry;
using Strata.Streaming.Topology;

namespace Strata.Streaming;

/// <summary>Publishing, consumers and tables for a host.</summary>
public static class StreamingServices
{
    private static readonly string[] Ready = ["ready"];
    private static readonly string[] Live = ["live"];

    /// <summary>
    /// Registers <see cref="IPublisher"/>, <see cref="IBatchPublisher"/>, <see cref="IBrokerContact"/>, <see cref="ITopics"/> and what
    /// consumers and tables stand on. May be called again: the first call counts.
    /// </summary>
    public static IServiceCollection AddStreaming(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.Any(service => service.ServiceType == typeof(StreamingConfiguration)))
        {
            return services;
        }

        var sections = new StreamingConfiguration(configuration);
        services.AddSingleton(sections);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<StreamingOptions, StreamingOptionsValidator>()
            .Bind(configuration.GetSection(StreamingOptions.SectionName));
        services.AddSingleton<IValidateOptions<StreamingOptions>, StreamingRules>();
        services.AddOptionsWithValidateOnStart<RetentionOptions, RetentionOptionsValidator>()
            .Bind(configuration.GetSection(RetentionOptions.SectionName));
        services.AddSingleton<IValidateOptions<StreamConsumerOptions>, StreamConsumerOptionsValidator>();
        services.TryAddSingleton<KafkaClients>();
        services.TryAddSingleton<BrokerQuestions>();
        services.TryAddSingleton<LogEnds>();
        services.TryAddSingleton<HostStop>();
        services.TryAddSingleton<StreamingMetrics>();
        services.TryAddSingleton<TopicProvisioning>();
        services.TryAddSingleton<TopicGate>();
        services.TryAddSingleton<ITopics, KafkaTopics>();
        services.TryAddSingleton<ITopicAges, TopicAges>();
        services.TryAddSingleton<IPublisher, KafkaPublisher>();
        services.TryAddSingleton<IBatchPublisher, KafkaBatchPublisher>();
        services.TryAddSingleton<StreamingParts>();
        services.TryAddSingleton<IPartitionReader, PartitionReader>();
        services.TryAddSingleton<IGroupProgress, GroupProgress>();
        services.TryAddSingleton(provider => new BrokerContact(
            provider.GetRequiredService<KafkaClients>().Admin, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IBrokerContact>(provider => provider.GetRequiredService<BrokerContact>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TopicGate>());
        services.TryAddSingleton<BrokerMetrics>();
        services.AddSingleton<IHostedService>(provider =>
        {
            provider.GetRequiredService<BrokerMetrics>(); // it only watches
            return provider.GetRequiredService<BrokerContact>();
        });
        return services;
    }

    /// <summary>Lets the host be ready only while the broker answers: for one that has no other use.</summary>
    public static IServiceCollection AddBrokerCheck(this IServiceCollection services)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "broker", provider => provider.GetRequiredService<BrokerContact>(), HealthStatus.Unhealthy, Ready));
        return services;
    }

    /// <summary>
    /// Runs a consumer: group <paramref name="group"/> reads <paramref name="topics"/> and hands each partition number to a
    /// <typeparamref name="THandler"/> of its own, made from the host's services and its <see cref="PartitionContext"/>, which its
    /// constructor must take. Several topics are co-partitioned (range assignment): partition n of each goes to the same handler.
    /// Settings: section <c>Streaming:Consumers:{group}</c>.
    /// </summary>
    public static IServiceCollection AddStreamConsumer<THandler>(this IServiceCollection services, string group, params string[] topics)
        where THandler : class, IPartitionHandler
        => services.AddStreamConsumer(group, (provider, context) => ActivatorUtilities.CreateInstance<THandler>(provider, context), topics);

    /// <summary>
    /// What group <paramref name="group"/> has in place of section <c>Streaming:Consuming</c>; its own section still says otherwise.
    /// </summary>
    public static IServiceCollection AddConsumerDefaults(
        this IServiceCollection services, string group, Action<StreamConsumerOptions> apply)
        => services.AddKeyedSingleton(group, new ConsumerDefaults(apply));

    /// <summary>
    /// The same with handlers that <paramref name="create"/> makes: called once for every life of a partition's handler, from any thread.
    /// </summary>
    public static IServiceCollection AddStreamConsumer(
        this IServiceCollection services,
        string group,
        Func<IServiceProvider, PartitionContext, IPartitionHandler> create,
        params string[] topics)
    {
        Check(services, typeof(StreamConsumer), group, topics);
        ArgumentNullException.ThrowIfNull(create);
        AddConsumerOptions(services, group);
        services.AddKeyedSingleton(group, (provider, _) =>
        {
            Func<PartitionContext, IPartitionHandler> handlerOf = context => create(provider, context);
            return ActivatorUtilities.CreateInstance<StreamConsumer>(provider, group, (IReadOnlyList<string>)topics, handlerOf);
        });
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<StreamConsumer>(group));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"consumer:{group}", provider => provider.GetRequiredKeyedService<StreamConsumer>(group).State, HealthStatus.Unhealthy, Ready));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"clients:{group}",
            provider => new ConsumerLiveness(group, provider.GetRequiredKeyedService<StreamConsumer>(group).State),
            HealthStatus.Unhealthy,
            Live));
        return services;
    }

    /// <summary>
    /// Follows <paramref name="topics"/> from the beginning in this process. <paramref name="name"/> names the table in settings, health
    /// and metrics.
    /// </summary>
    public static IServiceCollection AddTable<THandler>(this IServiceCollection services, string name, params string[] topics)
        where THandler : class, ITableHandler
    {
        Check(services, typeof(TableLoop), name, topics);
        services.TryAddSingleton<THandler>();
        AddConsumerOptions(services, name);
        services.AddKeyedSingleton(name, (provider, _) => ActivatorUtilities.CreateInstance<TableLoop>(
            provider, name, (IReadOnlyList<string>)topics, provider.GetRequiredService<THandler>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<TableLoop>(name));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"table:{name}", provider => provider.GetRequiredKeyedService<TableLoop>(name), HealthStatus.Unhealthy, Ready));
        return services;
    }

    private static void Check(IServiceCollection services, Type kind, string name, string[] topics)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (topics.Length == 0 || topics.Distinct(StringComparer.Ordinal).Count() != topics.Length)
        {
            throw new ArgumentException($"{name} needs topics, each once", nameof(topics));
        }

        if (services.Any(service => service.ServiceType == kind && name.Equals(service.ServiceKey)))
        {
            throw new InvalidOperationException(
                $"{name} is there already: a second reader of that name would share its settings, health and group");
        }
    }

    private static void AddConsumerOptions(IServiceCollection services, string name)
        => services.AddSingleton(new ConsumerSection(name)).AddOptionsWithValidateOnStart<StreamConsumerOptions>(name)
            .Configure<StreamingConfiguration, IServiceProvider>((options, sections, provider) =>
            {
                sections.Consuming.Bind(options);
                provider.GetKeyedService<ConsumerDefaults>(name)?.Apply(options);
                sections.Group(name).Bind(options);
            });

    private sealed record ConsumerDefaults(Action<StreamConsumerOptions> Apply);
}
