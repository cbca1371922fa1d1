using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Strata.Local.Tests.Fuzz;

/// <summary>HTTP/1.1 as it is written: a client of .NET would put addresses and headers right.</summary>
internal sealed class RawHttp(Uri address) : IDisposable
{
    private TcpClient? _socket;
    private BufferedStream? _stream;

    /// <summary>Sends one request; its status and body. 0: the server closed the connection without an answer.</summary>
    public async Task<(int Status, string Body)> SendAsync(string lines, byte[] body, CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            _socket = new TcpClient { NoDelay = true };
            await _socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            _stream = new BufferedStream(_socket.GetStream());
        }

        var head = Encoding.Latin1.GetBytes($"{lines}\r\nHost: {address.Authority}\r\nContent-Length: {body.Length}\r\n\r\n");
        try
        {
            await _stream.WriteAsync((byte[])[.. head, .. body], cancellationToken);
            await _stream.FlushAsync(cancellationToken);
            return Read();
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
        (_stream, _socket) = (null, null);
    }

    private (int Status, string Body) Read()
    {
        var status = int.Parse(Line().Split(' ')[1], CultureInfo.InvariantCulture);
        var (length, chunked, close) = (0, false, false);
        while (Line() is { Length: > 0 } header)
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
            Copy(length, body);
        }

        while (chunked && int.Parse(Line(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size)
        {
            Copy(size, body);
            Line();
            chunked = size > 0;
        }

        if (close)
        {
            Dispose();
        }

        return (status, Encoding.UTF8.GetString(body.ToArray()));
    }

    private void Copy(int count, MemoryStream to)
    {
        var bytes = new byte[count];
        _stream!.ReadExactly(bytes);
        to.Write(bytes);
    }

    private string Line()
    {
        var line = new StringBuilder();
        for (int next; (next = _stream!.ReadByte()) != '\n';)
        {
            line.Append(next >= 0 ? (char)next : throw new EndOfStreamException());
        }

        return line.ToString().TrimEnd('\r');
    }
}
