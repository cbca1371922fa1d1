using System.Net;
using System.Net.Sockets;
using Strata.Chaos.Connections;

namespace Strata.Chaos.Tests.Connections;

/// <summary>A proxy in front of an echo does each harm to connections of loopback.</summary>
[Trait("height", "harness")]
public sealed class TcpProxyTests : IAsyncDisposable
{
    private static readonly TimeSpan Nothing = TimeSpan.FromMilliseconds(300);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly TcpProxy _proxy;
    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private int _seen;

    public TcpProxyTests()
    {
        _limit.CancelAfter(TimeSpan.FromSeconds(20));
        _server.Start();
        _proxy = new TcpProxy(((IPEndPoint)_server.LocalEndpoint).Port);
        _ = EchoAsync();
    }

    private CancellationToken Cancellation => _limit.Token;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Pass_Unharmed_BringsBytesThereAndBackAndEndsWhenTheClientEnds()
    {
        using var client = await ConnectAsync();
        var bytes = Enumerable.Range(0, 200_000).Select(i => (byte)i).ToArray();

        var sending = client.SendAsync(bytes, Cancellation).AsTask();
        var received = await ReadAsync(client, bytes.Length);
        await sending;
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(bytes, received);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task Cut_Connections_AreResetAndNewOnesWork()
    {
        using var client = await ConnectAsync();
        await EchoedAsync(client);

        _proxy.Cut();
        var fault = await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1], Cancellation));
        using var next = await ConnectAsync();
        await EchoedAsync(next);

        Assert.Equal(SocketError.ConnectionReset, fault.SocketErrorCode);
    }

    [Fact]
    public async Task Delay_EachWay_IsAddedAndIsNoLimitOfTheRate()
    {
        using var client = await ConnectAsync();
        _proxy.Delay = TimeSpan.FromMilliseconds(200);

        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(new byte[] { 1 }, Cancellation);
            await Task.Delay(5, Cancellation);
        }

        await ReadAsync(client, 20);

        // Each way delays by 200 ms; one byte after another would take 8 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(7.9));
    }

    [Fact]
    public async Task Forget_Connections_LoseEverythingWithoutAWordAndNewOnesWork()
    {
        using var client = await ConnectAsync();
        await EchoedAsync(client);
        var seen = Volatile.Read(ref _seen);

        _proxy.Forget();
        await client.SendAsync(new byte[] { 1, 2, 3 }, Cancellation);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        wait.CancelAfter(Nothing);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.ReceiveAsync(new byte[1], wait.Token));
        var after = Volatile.Read(ref _seen);
        using var next = await ConnectAsync();
        await EchoedAsync(next);

        Assert.Equal(seen, after);
    }

    [Fact]
    public async Task Pass_ServerIsDown_ResetsTheClient()
    {
        _server.Stop();

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = await ConnectAsync();
            await client.ReceiveAsync(new byte[1], Cancellation);
        });
    }

    private async Task EchoedAsync(Socket client)
    {
        await client.SendAsync(new byte[] { 7 }, Cancellation);
        Assert.Equal([7], await ReadAsync(client, 1));
    }

    private async Task<byte[]> ReadAsync(Socket client, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            read += await client.ReceiveAsync(bytes.AsMemory(read), Cancellation) is > 0 and var more
                ? more
                : throw new EndOfStreamException();
        }

        return bytes;
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.Port), Cancellation);
        return client;
    }

    private async Task EchoAsync()
    {
        while (true)
        {
            try
            {
                var socket = await _server.AcceptSocketAsync(Cancellation);
                _ = Task.Run(() => EchoAsync(socket), Cancellation);
            }
            catch (Exception end) when (end is ObjectDisposedException or SocketException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[4096];
            try
            {
                while (await socket.ReceiveAsync(buffer, Cancellation) is > 0 and var count)
                {
                    Interlocked.Add(ref _seen, count);
                    await socket.SendAsync(buffer.AsMemory(0, count), Cancellation);
                }
            }
            catch (SocketException)
            {
                // reset
            }
        }
    }
}
