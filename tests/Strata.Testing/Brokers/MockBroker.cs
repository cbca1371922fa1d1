using Strata.Streaming.Embedded;

namespace Strata.Testing.Brokers;

/// <summary>The embedded broker.</summary>
internal sealed class MockBroker : IBroker
{
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();

    public string Name => $"embedded broker at {BootstrapServers}";

    public string BootstrapServers => _broker.BootstrapServers;

    public bool Embedded => true;

    public bool IsolatesTransactions => false;

    public bool CanKill => false;

    public IReadOnlyDictionary<string, string?> Settings => _broker.Settings;

    public Task KillAsync(int node = 1) => throw new NotSupportedException("the embedded broker lives and ends with its process");

    public Task UpAsync(int node = 1) => throw new NotSupportedException("the embedded broker lives and ends with its process");

    public Task PauseAsync(int node = 1) => throw new NotSupportedException("the embedded broker lives and ends with its process");

    public Task ResumeAsync(int node = 1) => throw new NotSupportedException("the embedded broker lives and ends with its process");

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
