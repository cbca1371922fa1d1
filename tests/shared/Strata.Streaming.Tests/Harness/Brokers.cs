using Strata.Testing;

namespace Strata.Streaming.Tests;

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
