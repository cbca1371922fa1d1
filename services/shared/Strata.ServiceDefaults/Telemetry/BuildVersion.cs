using System.Reflection;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>What was built: the version, and the commit where the build knew it.</summary>
/// <param name="Version">For example "0.1.0".</param>
/// <param name="Commit">The first twelve digits of the commit, or "unknown".</param>
public sealed record BuildVersion(string Version, string Commit)
{
    private const int Digits = 12;

    /// <summary>Of this process.</summary>
    public static BuildVersion Current { get; } = Of(
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    /// <summary>Takes apart what the build writes: version, plus, commit.</summary>
    public static BuildVersion Of(string informational)
    {
        ArgumentNullException.ThrowIfNull(informational);
        var parts = informational.Split('+', 2);
        var commit = parts.Length > 1 ? parts[1] : "";
        return new(parts[0], commit.Length == 0 ? "unknown" : commit[..Math.Min(Digits, commit.Length)]);
    }
}
