using System.Globalization;
using Strata.Cli;
using Strata.Cli.Frame;

namespace Strata.EndToEnd.Harness;

/// <summary>The command line, as an operator's script calls it.</summary>
internal static class StrataTool
{
    /// <summary>Runs a command; its result is JSON.</summary>
    public static async Task<(ExitCode Code, string Output, string Said)> RunAsync(string[] command)
    {
        var (output, said) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var code = await Commands.Create().RunAsync([.. command, "--json"], output, said, TestContext.Current.CancellationToken);
        return ((ExitCode)code, output.ToString(), said.ToString());
    }
}
