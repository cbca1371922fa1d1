using Xunit;

namespace Strata.Testing.Brokers;

/// <summary>What tests of one class or collection share: a broker, and why it is this one.</summary>
public abstract class BrokerFixtureBase : IAsyncLifetime
{
    private IBroker? _broker;

    /// <summary>Why this broker was taken, or why there is none.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The broker; skips the test, with the reason, when there is none. Says in the test output which one it is.</summary>
    public IBroker Broker
    {
        get
        {
            Assert.SkipWhen(_broker is null, $"no broker of this kind: {Reason}");
            TestContext.Current.TestOutputHelper?.WriteLine($"{_broker!.Name}: {Reason}");
            return _broker!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        (_broker, Reason) = await ChooseAsync(TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage("{0}: {1}", _broker?.Name ?? "no broker", Reason);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Finds and starts the broker.</summary>
    protected abstract Task<(IBroker? Broker, string Reason)> ChooseAsync(CancellationToken cancellationToken);
}

/// <summary>The best broker there is: a real one, else the embedded one.</summary>
public sealed class BrokerFixture : BrokerFixtureBase
{
    /// <inheritdoc/>
    protected override async Task<(IBroker? Broker, string Reason)> ChooseAsync(CancellationToken cancellationToken)
        => await BrokerChoice.RealAsync(1, cancellationToken) is ({ } real, var reason)
            ? (real, reason)
            : (BrokerChoice.Embedded(), "there is no real one");
}

/// <summary>The embedded broker.</summary>
public sealed class EmbeddedBrokerFixture : BrokerFixtureBase
{
    /// <inheritdoc/>
    protected override Task<(IBroker? Broker, string Reason)> ChooseAsync(CancellationToken cancellationToken)
        => Task.FromResult<(IBroker?, string)>((BrokerChoice.Embedded(), "asked for"));
}

/// <summary>A real broker; tests are skipped, with the reason, where there is none.</summary>
public sealed class RealBrokerFixture : BrokerFixtureBase
{
    /// <inheritdoc/>
    protected override Task<(IBroker? Broker, string Reason)> ChooseAsync(CancellationToken cancellationToken)
        => BrokerChoice.RealAsync(1, cancellationToken);
}

/// <summary>Three real brokers, each partition on all of them; tests are skipped, with the reason, where there are none.</summary>
public sealed class ReplicatedBrokerFixture : BrokerFixtureBase
{
    /// <inheritdoc/>
    protected override Task<(IBroker? Broker, string Reason)> ChooseAsync(CancellationToken cancellationToken)
        => BrokerChoice.RealAsync(3, cancellationToken);
}
