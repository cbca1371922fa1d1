namespace Strata.Testing.Brokers;

/// <summary>A broker that tests talk to.</summary>
public interface IBroker : IAsyncDisposable
{
    /// <summary>What it is, for the test output.</summary>
    string Name { get; }

    /// <summary>Where it listens.</summary>
    string BootstrapServers { get; }

    /// <summary>True for librdkafka's mock cluster inside this process.</summary>
    bool Embedded { get; }

    /// <summary>Whether readers of committed records are spared those of aborted transactions.</summary>
    bool IsolatesTransactions { get; }

    /// <summary>
    /// Whether <see cref="KillAsync"/>, <see cref="UpAsync"/>, <see cref="PauseAsync"/> and <see cref="ResumeAsync"/> work.
    /// </summary>
    bool CanKill { get; }

    /// <summary>Settings that point <c>AddStreaming</c> to it.</summary>
    IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Ends a broker as a crash would; its log stays.</summary>
    Task KillAsync(int node = 1);

    /// <summary>Starts a killed broker on its old log and waits until it serves.</summary>
    Task UpAsync(int node = 1);

    /// <summary>Hangs a broker: its connections stay open and nothing is answered.</summary>
    Task PauseAsync(int node = 1);

    /// <summary>Lets a hanging broker go on where it was.</summary>
    Task ResumeAsync(int node = 1);
}
