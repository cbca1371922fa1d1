using System.Net;
using System.Net.Sockets;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>Stands between a client and its store, and may do something to the store before a request of the client gets there.</summary>
internal sealed class StoreProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly IPEndPoint _store;
    private readonly Task _accepting;

    public StoreProxy(string store)
    {
        _store = IPEndPoint.Parse(store);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Called with the bytes of a request before they are passed on; false: the connection is cut instead.</summary>
    public Func<ReadOnlyMemory<byte>, Task<bool>> Passes { get; set; } = _ => Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception ended) when (_end.IsCancellationRequested && ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        using var store = new TcpClient();
        using (client)
        {
            try
            {
                await store.ConnectAsync(_store, end.Token);
                await Task.WhenAny(
                    PassAsync(client.GetStream(), store.GetStream(), bytes => Passes(bytes), end.Token),
                    PassAsync(store.GetStream(), client.GetStream(), _ => Task.FromResult(true), end.Token));
            }
            catch (SocketException)
            {
                // the store is away: so is this connection
            }

            await end.CancelAsync();
        }
    }

    private static async Task PassAsync(
        NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task<bool>> passes, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read && await passes(buffer.AsMemory(0, read)))
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // one side is gone: so is the other
        }
    }
}
