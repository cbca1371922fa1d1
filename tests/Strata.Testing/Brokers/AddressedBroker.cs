namespace Strata.Testing.Brokers;

/// <summary>A broker that somebody else runs.</summary>
internal sealed class AddressedBroker(string name, string bootstrapServers) : IBroker
{
    public string Name => name;

    public string BootstrapServers => bootstrapServers;

    public bool Embedded => false;

    public bool IsolatesTransactions => true;

    public bool CanKill => false;

    public IReadOnlyDictionary<string, string?> Settings
        => new Dictionary<string, string?> { ["Streaming:BootstrapServers"] = bootstrapServers };

    public Task KillAsync(int node = 1) => throw new NotSupportedException($"{name} is not ours to kill");

    public Task UpAsync(int node = 1) => throw new NotSupportedException($"{name} is not ours to start");

    public Task PauseAsync(int node = 1) => throw new NotSupportedException($"{name} is not ours to hang");

    public Task ResumeAsync(int node = 1) => throw new NotSupportedException($"{name} is not ours to hang");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
