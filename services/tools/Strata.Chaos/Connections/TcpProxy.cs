using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Strata.Chaos.Connections;

/// <summary>Passes bytes between clients and a server of this machine, and does connections harm on the way.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private readonly Task _run;
    private long _delay;

    /// <param name="target">Port of the server.</param>
    public TcpProxy(int target)
    {
        _target = target;
        Port = FreePorts.Take(1);
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _run = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>How much later everything arrives, each way.</summary>
    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref _delay));
        set => Volatile.Write(ref _delay, value.Ticks);
    }

    /// <summary>Resets every connection; new ones are passed.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>
    /// Loses, for good and without a word to either end, whatever is sent on the connections of now, as a gateway does that forgot them;
    /// new ones are passed.
    /// </summary>
    public void Forget()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Forget();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _run;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = PassAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // gone before it was accepted
            }
        }
    }

    private async Task PassAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var connection = new ProxiedConnection(client, server, () => Delay);
        _connections[connection] = true;
        try
        {
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _end.Token);
            await connection.RunAsync(_end.Token);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            connection.Reset(); // the server is down: its clients see that their connection was refused
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
