using System.Globalization;

namespace Strata.Cli.Doctor.Core;

/// <summary>What is wrong with the store, by what it says of itself.</summary>
internal static class StoreDiagnosis
{
    private const string About = "store";
    private const double Fullish = 0.85;

    public static IEnumerable<Finding> Of(StoreFacts store)
    {
        if (store.Silence is { } silence)
        {
            return
            [
                silence.Refused
                    ? Finding.Error(About, silence.Text, "Give the right user and password: --redis host:6379,user=…,password=…")
                    : Finding.Error(
                        About, silence.Text, "Start it, or give its address with --redis; with TLS ssl=true and --redis-issuer"),
            ];
        }

        var faults = Faults(store, store.State!).ToList();
        return faults.Exists(fault => fault.Severity == Severity.Error) ? faults
            : faults.Append(Finding.Good(About, $"answers and takes writes, {Size(Number(store.State!, "used_memory"))} used"));
    }

    private static IEnumerable<Finding> Faults(StoreFacts store, IReadOnlyDictionary<string, string> state)
    {
        var (used, most) = (Number(state, "used_memory"), Number(state, "maxmemory"));
        var policy = state.GetValueOrDefault("maxmemory_policy", "noeviction");
        if (store.WriteFault is { } fault)
        {
            yield return Write(fault, used, most);
        }
        else if (most == 0)
        {
            yield return Finding.Warning(
                About,
                $"maxmemory is 0 with {Size(used)} used: the kernel ends it before it refuses a write",
                "Set maxmemory to three quarters of what the machine or container has");
        }
        else if (used > Fullish * most)
        {
            yield return Finding.Warning(
                About, $"{Size(used)} of {Size(most)} are used", "Give it more memory and raise maxmemory, or add shards");
        }

        if (policy != "noeviction")
        {
            yield return Finding.Error(
                About,
                $"maxmemory-policy is {policy}: profiles of users who are still there are evicted "
                    + $"({state.GetValueOrDefault("evicted_keys", "0")} keys so far)",
                "CONFIG SET maxmemory-policy noeviction, and in its file; strata rebuild makes anew what is gone");
        }

        var log = state.GetValueOrDefault("aof_enabled") == "1";
        if (!log && store.Saves is "")
        {
            yield return Finding.Error(
                About,
                "nothing is kept on disk (appendonly no, save \"\"): a restart reads all logs again",
                "CONFIG SET appendonly yes, and in its file");
        }
        else if (!log)
        {
            yield return Finding.Warning(
                About, "appendonly is no: a restart goes back to the last dump", "CONFIG SET appendonly yes, and in its file");
        }

        if (log && state.GetValueOrDefault("aof_last_write_status", "ok") != "ok")
        {
            yield return Finding.Error(About, "its append-only file could not be written", "Look at the disk and the folder's rights");
        }

        if (state.GetValueOrDefault("rdb_last_bgsave_status", "ok") != "ok")
        {
            yield return Finding.Warning(About, "its last dump failed", "Look at the disk, and at memory for a fork");
        }
    }

    private static Finding Write(string fault, long used, long most) => fault.Split(' ')[0] switch
    {
        "READONLY" => Finding.Error(
            About, "it is read-only: a replica", "Give the address of the primary, or make it one: REPLICAOF NO ONE"),
        "OOM" => Finding.Error(
            About, $"it is full: {Size(used)} used of {Size(most)}, and refuses writes", "Raise maxmemory, or add shards; consumers wait"),
        "MISCONF" => Finding.Error(
            About, $"it refuses writes, since it cannot write to disk: {fault}", "Make room on its disk, or mend the folder's rights"),
        "NOREPLICAS" => Finding.Error(About, "it refuses writes without its replicas", "Start them, or set min-replicas-to-write lower"),
        "NOPERM" => Finding.Error(About, $"this user may not write: {fault}", "Give it the rights of infra/redis/users.acl"),
        "LOADING" => Finding.Warning(About, "it is still reading its file", "Wait"),
        _ => Finding.Error(About, $"it does not take a write: {fault}", "Its log says why"),
    };

    private static long Number(IReadOnlyDictionary<string, string> state, string name)
        => long.TryParse(state.GetValueOrDefault(name), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0} MiB");
}
