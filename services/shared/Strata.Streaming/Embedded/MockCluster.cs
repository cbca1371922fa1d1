using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Strata.Streaming.Embedded;

/// <summary>
/// librdkafka's mock cluster by its C interface (rdkafka_mock.h). The .NET client can start one too, but can't reach its settings: there, a
/// new group waits three seconds for members.
/// </summary>
internal static class MockCluster
{
    private const string Library = "librdkafka";
    private const int Producer = 0;

    // The builds of librdkafka that the package carries; the first one whose own dependencies are there is taken, as the .NET client does
    // it.
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, Resolve);

    /// <summary>Starts a cluster; the handles are to be given to <see cref="Stop"/>.</summary>
    public static (IntPtr Client, IntPtr Cluster, string BootstrapServers) Start(int brokers)
    {
        var error = new byte[512];
        var settings = rd_kafka_conf_new();
        // The client that carries the cluster connects to nothing; without an address it logs a warning.
        Set(settings, "bootstrap.servers", "127.0.0.1:9");
        Set(settings, "log_level", "0");
        var client = rd_kafka_new(Producer, settings, error, (nuint)error.Length);
        if (client == IntPtr.Zero)
        {
            throw new InvalidOperationException($"The embedded broker's client could not be made: {Text(error)}");
        }

        var cluster = rd_kafka_mock_cluster_new(client, brokers);
        if (cluster == IntPtr.Zero)
        {
            rd_kafka_destroy(client);
            throw new InvalidOperationException("The embedded broker could not be started");
        }

        rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0);
        return (client, cluster, Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(cluster))!);
    }

    public static void Stop(IntPtr client, IntPtr cluster)
    {
        rd_kafka_mock_cluster_destroy(cluster);
        rd_kafka_destroy(client);
    }

    private static void Set(IntPtr settings, string name, string value)
    {
        var error = new byte[512];
        if (rd_kafka_conf_set(settings, ZeroEnded(name), ZeroEnded(value), error, (nuint)error.Length) != 0)
        {
            throw new InvalidOperationException($"The embedded broker does not take {name}: {Text(error)}");
        }
    }

    private static byte[] ZeroEnded(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static string Text(byte[] zeroEnded) => Encoding.UTF8.GetString(zeroEnded.AsSpan(0, Array.IndexOf(zeroEnded, (byte)0)));

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return IntPtr.Zero;
        }

        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, assembly, path, out var handle))
            {
                return handle;
            }
        }

        return IntPtr.Zero;
    }

    [DllImport(Library)]
    private static extern IntPtr rd_kafka_conf_new();

    [DllImport(Library)]
    private static extern int rd_kafka_conf_set(
        IntPtr settings, byte[] name, byte[] value, byte[] error, nuint errorSize);

    [DllImport(Library)]
    private static extern IntPtr rd_kafka_new(int kind, IntPtr settings, byte[] error, nuint errorSize);

    [DllImport(Library)]
    private static extern void rd_kafka_destroy(IntPtr client);

    [DllImport(Library)]
    private static extern IntPtr rd_kafka_mock_cluster_new(IntPtr client, int brokers);

    [DllImport(Library)]
    private static extern void rd_kafka_mock_cluster_destroy(IntPtr cluster);

    [DllImport(Library)]
    private static extern IntPtr rd_kafka_mock_cluster_bootstraps(IntPtr cluster);

    [DllImport(Library)]
    private static extern void rd_kafka_mock_group_initial_rebalance_delay_ms(IntPtr cluster, int delay);
}
