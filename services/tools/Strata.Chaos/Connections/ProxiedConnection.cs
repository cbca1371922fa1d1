using System.Net.Sockets;
using System.Threading.Channels;

namespace Strata.Chaos.Connections;

/// <summary>One connection through a proxy: a client's and the one to the server that stands for it.</summary>
internal sealed class ProxiedConnection(Socket client, Socket server, Func<TimeSpan> delay)
{
    private const int BufferBytes = 64 * 1024;
    private const int MostWaiting = 256;

    private volatile bool _forgotten;

    /// <summary>Passes bytes both ways until either end is done or it is reset; a forgotten one is kept open.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (there, back) = (PassAsync(client, server, cancellationToken), PassAsync(server, client, cancellationToken));
        try
        {
            await await Task.WhenAny(there, back);
            await Task.WhenAll(there, back);
        }
        catch (Exception) when (_forgotten)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken); // the other end must not hear of it
        }
        finally
        {
            Reset();
        }
    }

    public void Forget() => _forgotten = true;

    public void Reset()
    {
        foreach (var socket in (Socket[])[client, server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // closed already
            }

            socket.Dispose();
        }
    }

    private async Task PassAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var waiting = Channel.CreateBounded<(long Due, byte[] Bytes)>(MostWaiting);
        var sending = SendAsync(waiting.Reader, to, cancellationToken);
        var buffer = new byte[BufferBytes];
        while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (!_forgotten)
            {
                var due = TimeProvider.System.GetTimestamp() + (long)(delay().TotalSeconds * TimeProvider.System.TimestampFrequency);
                await waiting.Writer.WriteAsync((due, buffer[..count]), cancellationToken);
            }
        }

        if (_forgotten)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken); // the other end must not hear of it
        }

        waiting.Writer.Complete();
        await sending;
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task SendAsync(ChannelReader<(long Due, byte[] Bytes)> waiting, Socket to, CancellationToken cancellationToken)
    {
        await foreach (var (due, bytes) in waiting.ReadAllAsync(cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due) is { } left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, cancellationToken);
            }

            for (var sent = 0; sent < bytes.Length && !_forgotten;)
            {
                sent += await to.SendAsync(bytes.AsMemory(sent), cancellationToken);
            }
        }
    }
}
