using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Strata.Local.Tests.Fuzz;

/// <summary>HTTP/1.1 as it is written: a client of .NET would put addresses and headers right.</summary>
internal sealed class RawHttp(Uri address, ConcurrentDictionary<string, int> answers) : IDisposable
{
    private readonly byte[] _bytes = new byte[16 * 1024];
    private TcpClient? _socket;
    private NetworkStream? _stream;
    private int _at;
    private int _end;

    /// <summary>Sends one request; its status and body. 0: the server closed the connection without an answer.</summary>
    public async Task<(int Status, string Body)> SendAsync(string lines, byte[] body, CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            _socket = new TcpClient { NoDelay = true };
            await _socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            _stream = _socket.GetStream();
        }

        var head = Encoding.Latin1.GetBytes($"{lines}\r\nHost: {address.Authority}\r\nContent-Length: {body.Length}\r\n\r\n");
        try
        {
            await _stream.WriteAsync((byte[])[.. head, .. body], cancellationToken);
            return await ReadAsync(cancellationToken);
        }
        catch (IOException)
        {
            Dispose();
            return (0, "");
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket?.Dispose();
        (_stream, _socket, _at, _end) = (null, null, 0, 0);
    }

    // No thread waits for bytes: those of the pool are the server's, which runs in the same process.
    private async Task<(int Status, string Body)> ReadAsync(CancellationToken cancellationToken)
    {
        var status = int.Parse((await LineAsync(cancellationToken)).Split(' ')[1], CultureInfo.InvariantCulture);
        var (length, chunked, close) = (0, false, false);
        while (await LineAsync(cancellationToken) is { Length: > 0 } header)
        {
            var parts = header.Split(':', 2);
            var (name, value) = (parts[0].ToLowerInvariant(), parts[1].Trim());
            length = name == "content-length" ? int.Parse(value, CultureInfo.InvariantCulture) : length;
            chunked |= name == "transfer-encoding";
            close |= name == "connection" && value == "close";
        }

        var body = new MemoryStream();
        if (!chunked)
        {
            await CopyAsync(length, body, cancellationToken);
        }

        while (chunked && int.Parse(await LineAsync(cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size)
        {
            await CopyAsync(size, body, cancellationToken);
            await LineAsync(cancellationToken);
            chunked = size > 0;
        }

        answers.AddOrUpdate($"http {status}", 1, (_, count) => count + 1);
        if (close)
        {
            Dispose();
        }

        return (status, Encoding.UTF8.GetString(body.ToArray()));
    }

    private async Task CopyAsync(int count, MemoryStream to, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await FillAsync(cancellationToken);
            var part = Math.Min(count, _end - _at);
            to.Write(_bytes, _at, part);
            (_at, count) = (_at + part, count - part);
        }
    }

    private async ValueTask<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            await FillAsync(cancellationToken);
            if (_bytes[_at++] is var next && next == (byte)'\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_at == _end)
        {
            (_at, _end) = (0, await _stream!.ReadAsync(_bytes, cancellationToken));
            if (_end == 0)
            {
                throw new EndOfStreamException();
            }
        }
    }
}
