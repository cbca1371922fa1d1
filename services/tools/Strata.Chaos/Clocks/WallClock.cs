using System.Globalization;

namespace Strata.Chaos.Clocks;

/// <summary>
/// The wall clock of one service's process, stepped from outside while it runs, as an operator or NTP steps a machine's. The process asks a
/// <see cref="SteppedTime"/>, which <see cref="StartupHook"/> and <see cref="ClockStartup"/> put in place of the usual clock.
/// </summary>
internal sealed class WallClock
{
    /// <summary>Environment variable with the file that says by how many seconds the clock is wrong.</summary>
    public const string FileVariable = "STRATA_CHAOS_CLOCK";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _file;

    /// <summary>A clock that goes right.</summary>
    /// <param name="file">File that says by how much it is wrong.</param>
    public WallClock(string file)
    {
        _file = file;
        Write(TimeSpan.Zero);
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(WallClock).Assembly.Location,
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(WallClock).Assembly.GetName().Name!,
            [FileVariable] = file,
        };
    }

    /// <summary>What the process is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The file in which a process tells how far ahead it has told the time last.</summary>
    public static string ToldIn(string file) => file + ".told";

    /// <summary>Steps it, and waits until the process has told the time so.</summary>
    /// <param name="offset">How far ahead of the right time it is from now on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Nobody in the process asked what time it is, or the clock is not in its place.</exception>
    public async Task StepAsync(TimeSpan offset, CancellationToken cancellationToken)
    {
        var text = Write(offset);
        for (var began = TimeProvider.System.GetTimestamp(); await ToldAsync(cancellationToken) != text;)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"No process tells the time as {_file} says.");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private string Write(TimeSpan offset)
    {
        var text = offset.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        File.WriteAllText(_file, text);
        return text;
    }

    private async Task<string> ToldAsync(CancellationToken cancellationToken)
        => File.Exists(ToldIn(_file)) ? await File.ReadAllTextAsync(ToldIn(_file), cancellationToken) : "";
}
