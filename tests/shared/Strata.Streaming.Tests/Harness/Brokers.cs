using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Harness;

/// <summary>One embedded broker for all tests that use it.</summary>
[CollectionDefinition(Name)]
public sealed class OnEmbedded : ICollectionFixture<EmbeddedBrokerFixture>
{
    public const string Name = "embedded broker";
}

/// <summary>One real broker for all tests that use it.</summary>
[CollectionDefinition(Name)]
public sealed class OnReal : ICollectionFixture<RealBrokerFixture>
{
    public const string Name = "real broker";
}
