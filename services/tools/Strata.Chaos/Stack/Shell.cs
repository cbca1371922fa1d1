using System.Diagnostics;

namespace Strata.Chaos.Stack;

/// <summary>Runs small programs to their end, and sends signals.</summary>
internal static class Shell
{
    /// <summary>Runs a program; its output. What it leaves running does not hold the call.</summary>
    /// <exception cref="InvalidOperationException">It ended with a code other than 0.</exception>
    public static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var output = Path.GetTempFileName();
        try
        {
            string[] wrapped = ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1", "bash", output, program, .. arguments];
            using var process = Process.Start(new ProcessStartInfo("/bin/bash", wrapped) { UseShellExecute = false })!;
            await process.WaitForExitAsync(cancellationToken);
            var text = await File.ReadAllTextAsync(output, cancellationToken);
            return process.ExitCode == 0
                ? text
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
        }
        finally
        {
            File.Delete(output);
        }
    }

    public static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
