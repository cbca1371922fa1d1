using System.Diagnostics;
using System.Runtime.InteropServices;

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
            while (!await EndsAsync(process, TimeSpan.FromSeconds(5)))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var text = await File.ReadAllTextAsync(output, cancellationToken);
            return !process.HasExited || process.ExitCode == 0
                ? text
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>Sends a signal, without a process of its own.</summary>
    public static void Signal(Process process, Signal signal)
    {
        if (kill(process.Id, (int)signal) != 0)
        {
            throw new InvalidOperationException(
                $"Process {process.Id} does not take signal {signal}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>
    /// Waits until a process has ended, and its output has come; false when it runs on. The runtime has lost the end of a child once, in
    /// hours of them: who is no longer among the processes has ended, whether or not it was said.
    /// </summary>
    public static async Task<bool> EndsAsync(Process process, TimeSpan budget)
    {
        using var end = new CancellationTokenSource(budget);
        try
        {
            await process.WaitForExitAsync(end.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited || !Directory.Exists($"/proc/{process.Id}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}

/// <summary>Signals by Linux' numbers.</summary>
internal enum Signal
{
    /// <summary>Ends in good order.</summary>
    Terminate = 15,

    /// <summary>Goes on.</summary>
    Continue = 18,

    /// <summary>Stands still.</summary>
    Stop = 19,
}
