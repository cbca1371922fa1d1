using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.common;
using Microsoft.Extensions.Logging;

namespace Strata.Local.Embedded;

/// <summary>
/// A Redis-compatible store (Microsoft Garnet) inside this process: loopback only, in memory only, on a free port. Gone with the process.
/// </summary>
internal sealed class EmbeddedStore : IDisposable
{
    /// <summary>Another process may take the free port between the look and the bind.</summary>
    private const int Attempts = 5;

    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, int port)
    {
        _server = server;
        Port = port;
    }

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What <c>Redis:ConnectionString</c> must be.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <param name="loggers">Where its warnings and errors go; null: nowhere.</param>
    /// <param name="port">Port to listen on; 0 takes a free one.</param>
    public static EmbeddedStore Start(ILoggerFactory? loggers = null, int port = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            var chosen = port == 0 ? FreePort() : port;
            GarnetServer? server = null;
            try
            {
                server = new GarnetServer(Arguments(chosen), loggers);
                server.Start();
                return new EmbeddedStore(server, chosen);
            }
            catch (GarnetException fault) when (fault.InnerException is SocketException && port == 0 && attempt < Attempts)
            {
                server?.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    /// <summary>Scripts hold the lock of their key while they run: a compare-and-set must not be interleaved.</summary>
    private static string[] Arguments(int port) =>
    [
        "--bind", "127.0.0.1",
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--lua", "true",
        "--lua-transaction-mode", "true",
        "--logger-level", "Warning",
        "--disable-console-logger", "true",
        "-q", "true",
    ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
