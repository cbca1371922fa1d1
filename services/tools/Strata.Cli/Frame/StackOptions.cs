using System.CommandLine;
using StackExchange.Redis;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;

namespace Strata.Cli.Frame;

/// <summary>How a command reaches the broker and the store: the same options everywhere.</summary>
internal sealed class StackOptions
{
    public Option<string> Kafka { get; } = new("--kafka")
    {
        Description = "Address of the broker.",
        DefaultValueFactory = _ => "localhost:9092",
    };

    public Option<FileInfo> KafkaSettings { get; } = new("--kafka-settings")
    {
        Description = "File of librdkafka's settings, name=value, as the services have them under Streaming:Client: TLS, SASL.",
    };

    public Option<string> Redis { get; } = new("--redis")
    {
        Description = "Address of the store.",
        DefaultValueFactory = _ => "localhost:6379",
    };

    public Option<FileInfo> RedisIssuer { get; } = new("--redis-issuer")
    {
        Description = "PEM file of who issued the store's certificate; with ssl=true in --redis.",
    };

    public StackOptions()
    {
        KafkaSettings.AcceptExistingOnly();
        RedisIssuer.AcceptExistingOnly();
    }

    /// <summary>Adds those of the broker.</summary>
    public void AddBroker(Command command)
    {
        command.Add(Kafka);
        command.Add(KafkaSettings);
    }

    /// <summary>Adds those of the store.</summary>
    public void AddStore(Command command)
    {
        command.Add(Redis);
        command.Add(RedisIssuer);
    }

    /// <summary>Settings of a client of the broker.</summary>
    public IReadOnlyDictionary<string, string> Client(ParseResult parsed)
        => ClientSettings.Of(parsed.GetValue(Kafka)!, parsed.GetValue(KafkaSettings)?.FullName);

    /// <summary>Settings of a connection to the store, or to another one that is reached as it is.</summary>
    public ConfigurationOptions Store(ParseResult parsed, string? address = null)
        => RedisTls.Apply(
            ConfigurationOptions.Parse(address ?? parsed.GetValue(Redis)!),
            new RedisOptions { IssuerFile = parsed.GetValue(RedisIssuer)?.FullName ?? "" });
}
