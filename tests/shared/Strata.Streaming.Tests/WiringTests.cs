using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming;
using Strata.Streaming.Tests.Harness;

namespace Strata.Streaming.Tests;

[Trait("height", "unit")]
public sealed class WiringTests
{
    [Fact]
    public void Options_ManyFaults_AllAreTold()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Options(
            ("Streaming:Embedded", "true"),
            ("Streaming:Consumer:isolation.level", "read_uncommitted"),
            ("Streaming:Producer:acks", "1")));

        Assert.Equal(4, fault.Failures.Count());
        Assert.Contains(fault.Failures, failure => failure.Contains("BootstrapServers", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, failure => failure.Contains("LogIdentity", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, failure => failure.Contains("isolation.level = read_uncommitted", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, failure => failure.Contains("acks = 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_BootstrapByLibrdkafkasName_IsEnough()
        => Assert.Equal("", Options(("Streaming:Client:bootstrap.servers", "[::1]:9092,127.0.0.1:9092")).BootstrapServers);

    [Theory]
    [InlineData("Streaming:LogIdentity", "", "10000")]
    [InlineData("Streaming:RequestTimeout", "00:00:04", "4000")]
    [InlineData("Streaming:Client:socket.timeout.ms", "2500", "2500")]
    public void Clients_ConnectionsThatNobodyAnswersOn_AreGivenUpAfterTheTimeOfARequest(string key, string value, string milliseconds)
    {
        using var provider = Provider(
            services => services.AddLogging(), ("Streaming:BootstrapServers", "localhost:1"), (key, value));

        Assert.Equal(milliseconds, provider.GetRequiredService<KafkaClients>().Publishing()["socket.timeout.ms"]);
    }

    [Fact]
    public void ConsumerOptions_GroupOverridesAll_RestStaysDefault()
    {
        using var provider = Provider(
            services => services.AddStreamConsumer<ScriptedHandler>("g", "t"),
            ("Streaming:Consuming:BatchSize", "7"),
            ("Streaming:Consuming:FailureBudget", "9"),
            ("Streaming:Consumers:g:BatchSize", "8"));

        var options = provider.GetRequiredService<IOptionsMonitor<StreamConsumerOptions>>().Get("g");

        Assert.Equal((8, 9, 5_000), (options.BatchSize, options.FailureBudget, options.PumpCapacity));
    }

    [Fact]
    public void ConsumerDefaults_StandBetweenAllGroupsAndTheirOwn()
    {
        using var provider = Provider(
            services => services
                .AddConsumerDefaults("g", consumer => (consumer.Awaited, consumer.MinFetchBytes, consumer.BatchSize) = (false, 9, 9))
                .AddStreamConsumer<ScriptedHandler>("g", "t"),
            ("Streaming:Consuming:Awaited", "true"),
            ("Streaming:Consuming:MinFetchBytes", "1"),
            ("Streaming:Consumers:g:BatchSize", "8"));

        var options = provider.GetRequiredService<IOptionsMonitor<StreamConsumerOptions>>().Get("g");

        Assert.Equal((false, 9, 8), (options.Awaited, options.MinFetchBytes, options.BatchSize));
    }

    [Fact]
    public void ConsumerOptions_OutOfRange_IsRefused()
    {
        using var provider = Provider(
            services => services.AddStreamConsumer<ScriptedHandler>("g", "t"), ("Streaming:Consumers:g:BatchSize", "0"));

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptionsMonitor<StreamConsumerOptions>>().Get("g"));
    }

    [Fact]
    public void AddStreaming_Twice_CountsOnce()
    {
        var services = new ServiceCollection();
        var configuration = new ConfigurationBuilder().Build();

        var count = services.AddStreaming(configuration).Count;

        Assert.Equal(count, services.AddStreaming(configuration).Count);
    }

    [Fact]
    public void AddStreamConsumer_SameGroupTwice_IsRefused()
    {
        var services = new ServiceCollection().AddStreamConsumer<ScriptedHandler>("g", "t");

        Assert.Throws<InvalidOperationException>(() => services.AddStreamConsumer<ScriptedHandler>("g", "u"));
        Assert.Throws<ArgumentException>(() => services.AddStreamConsumer<ScriptedHandler>("h"));
    }

    private static StreamingOptions Options(params (string Key, string Value)[] settings)
    {
        using var provider = Provider(_ => { }, settings);
        return provider.GetRequiredService<IOptions<StreamingOptions>>().Value;
    }

    private static ServiceProvider Provider(Action<IServiceCollection> wire, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddStreaming(configuration);
        wire(services);
        return services.BuildServiceProvider();
    }
}
