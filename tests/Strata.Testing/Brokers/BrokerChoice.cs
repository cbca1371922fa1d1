using System.Net.Sockets;

namespace Strata.Testing.Brokers;

/// <summary>
/// Finds the best broker there is: the address in STRATA_TEST_KAFKA, a container where a Docker engine answers, Kafka's jars and Java where
/// the folder <c>shared/kafka</c> is there.
/// </summary>
public static class BrokerChoice
{
    private static readonly TimeSpan EngineAnswers = TimeSpan.FromSeconds(1);

    /// <summary>A real broker, or the reason why there is none.</summary>
    public static async Task<(IBroker? Broker, string Reason)> RealAsync(int nodes, CancellationToken cancellationToken)
    {
        var passed = new List<string>();
        if (Environment.GetEnvironmentVariable("STRATA_TEST_KAFKA") is { Length: > 0 } address)
        {
            return (new AddressedBroker($"broker at {address}", address), "STRATA_TEST_KAFKA names it");
        }

        passed.Add("STRATA_TEST_KAFKA names none");
        if (nodes == 1 && await DockerAnswersAsync(cancellationToken))
        {
            return (await ContainerBroker.StartAsync(cancellationToken), "a Docker engine answers");
        }

        passed.Add(nodes == 1 ? "no Docker engine answers" : "several nodes are not run in containers");
        if (Script() is not { } script)
        {
            passed.Add("shared/kafka/kafka is not there");
        }
        else if (!OnPath("java"))
        {
            passed.Add("java is not on the path");
        }
        else
        {
            return (
                await ScriptBroker.StartAsync(script, nodes, cancellationToken),
                $"shared/kafka and java are there ({string.Join("; ", passed)})");
        }

        return (null, string.Join("; ", passed));
    }

    /// <summary>The embedded broker.</summary>
    public static IBroker Embedded() => new MockBroker();

    private static async Task<bool> DockerAnswersAsync(CancellationToken cancellationToken)
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var uri) || (uri.Scheme == "unix" && !File.Exists(uri.LocalPath)))
        {
            return false;
        }

        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(EngineAnswers);
        using var socket = uri.Scheme == "unix"
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await (uri.Scheme == "unix"
                ? socket.ConnectAsync(new UnixDomainSocketEndPoint(uri.LocalPath), budget.Token)
                : socket.ConnectAsync(uri.Host, uri.Port, budget.Token));
            return true;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string? Script()
        => SharedFolder.Find() is { } shared && Path.Combine(shared, "kafka", "kafka") is var script && File.Exists(script) ? script : null;

    private static bool OnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
