using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Strata.Streaming;

/// <summary>Wires the streaming parts into a host.</summary>
public static class StreamingServices
{
    /// <summary>Adds the broker connection: publisher, topics, and what consumers and tables stand on. Settings: section <c>Streaming</c>.</summary>
    public static IServiceCollection AddStreaming(this IServiceCollection services, IConfiguration configuration) => services;

    /// <summary>
    /// Runs a consumer: group <paramref name="group"/> reads <paramref name="topics"/> and hands each partition number to a handler of <typeparamref name="TFactory"/>.
    /// Several topics are co-partitioned (range assignment): partition n of each goes to the same handler. Settings: section <c>Streaming:Consumers:{group}</c>.
    /// </summary>
    public static IServiceCollection AddStreamConsumer<TFactory>(this IServiceCollection services, string group, params string[] topics)
        where TFactory : class, IPartitionHandlerFactory
        => throw new NotSupportedException();

    /// <summary>Follows <paramref name="topics"/> from the beginning in this process. <paramref name="name"/> names the table in settings, health and metrics.</summary>
    public static IServiceCollection AddTable<THandler>(this IServiceCollection services, string name, params string[] topics)
        where THandler : class, ITableHandler
        => throw new NotSupportedException();
}
