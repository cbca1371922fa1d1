using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Strata.Chaos.Connections;

/// <summary>
/// Ports that stay a process's own over its restarts: below those that systems give to outgoing connections, which would take one while
/// its process is down.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 18_000;
    private const int Highest = 31_000;

    // A process that was told its port and has not yet bound it must not share it.
    private static readonly HashSet<int> Given = [];

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int Take(int count)
    {
        while (true)
        {
            var ports = Enumerable.Range(RandomNumberGenerator.GetInt32(Lowest, Highest), count).ToArray();
            lock (Given)
            {
                if (ports.All(port => IsFree(port) && !Given.Contains(port)))
                {
                    Given.UnionWith(ports);
                    return ports[0];
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
