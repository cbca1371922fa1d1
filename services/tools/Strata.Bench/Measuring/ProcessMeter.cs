using System.Globalization;

namespace Strata.Bench.Measuring;

/// <summary>CPU, memory and written bytes of processes by name, from the kernel's files under /proc.</summary>
internal sealed class ProcessMeter(IReadOnlyDictionary<string, int> processes)
{
    private const double TicksASecond = 100; // what Linux shows to programs, whatever it uses itself
    private const int UserTime = 11; // fields after the name, from the state on
    private const int SystemTime = 12;

    /// <summary>Names of the processes of Strata, the broker and the store that run here, by what their command lines hold.</summary>
    private static readonly (string Mark, string Name)[] Marks =
    [
        ("Strata.Ingestion.dll", "Ingestion"), ("Strata.Featurizer.dll", "Featurizer"), ("Strata.Clustering.dll", "Clustering"),
        ("Strata.Ranking.dll", "Ranking"), ("Strata.Optimizer.dll", "Optimizer"), ("Strata.Local", "Local"),
        ("redis-server", "Redis"), ("kafka.Kafka", "Kafka"),
    ];

    /// <summary>What a process took since its start.</summary>
    internal readonly record struct Reading(
        double CpuSeconds, double ResidentMiB, long WrittenBytes, int Handles = 0, int Threads = 0);

    /// <summary>Those of this machine.</summary>
    public static IReadOnlyDictionary<string, int> Find()
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && TryRead($"{folder}/cmdline", out var command)
                && NameOf(command) is { } name)
            {
                found[name] = id;
            }
        }

        return found;
    }

    /// <summary>Name of what a command line, its words parted by NUL, runs; null when it is none of ours.</summary>
    public static string? NameOf(string command)
        => command.Split('\0') is [var program, ..] && !program.EndsWith("sh", StringComparison.Ordinal)
            ? Marks.FirstOrDefault(mark => command.Contains(mark.Mark, StringComparison.Ordinal)).Name
            : null;

    /// <summary>CPU seconds in a line of /proc/PID/stat, whose name in brackets may hold anything.</summary>
    public static double CpuSeconds(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[UserTime]) + Number(fields[SystemTime])) / TicksASecond;
    }

    /// <summary>What each has taken so far; one that has ended is left out.</summary>
    public IReadOnlyDictionary<string, Reading> Read()
    {
        var readings = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var (name, id) in processes)
        {
            if (TryRead($"/proc/{id}/stat", out var stat)
                && TryRead($"/proc/{id}/status", out var status)
                && TryRead($"/proc/{id}/io", out var io))
            {
                readings[name] = new Reading(
                    CpuSeconds(stat),
                    Field(status, "VmRSS:") / 1024.0,
                    Field(io, "write_bytes:"),
                    Directory.GetFileSystemEntries($"/proc/{id}/fd").Length,
                    (int)Field(status, "Threads:"));
            }
        }

        return readings;
    }

    /// <summary>What each took between two readings.</summary>
    public static IReadOnlyList<ProcessCost> Between(
        IReadOnlyDictionary<string, Reading> before, IReadOnlyDictionary<string, Reading> after, double seconds, long done)
        =>
        [
            .. after.Where(reading => before.ContainsKey(reading.Key)).Select(reading =>
            {
                var cpu = reading.Value.CpuSeconds - before[reading.Key].CpuSeconds;
                return new ProcessCost(
                    reading.Key,
                    cpu,
                    done > 0 ? 1e6 * cpu / done : null,
                    seconds > 0 ? cpu / seconds : 0,
                    reading.Value.ResidentMiB,
                    reading.Value.WrittenBytes - before[reading.Key].WrittenBytes);
            }),
        ];

    private static long Field(string text, string name)
    {
        var line = text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return (long)Number(line[name.Length..].Trim().Split(' ')[0]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static bool TryRead(string path, out string text)
    {
        try
        {
            text = File.ReadAllText(path);
            return true;
        }
        catch (IOException)
        {
            text = ""; // it has ended meanwhile
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            text = ""; // somebody else's
            return false;
        }
    }
}
