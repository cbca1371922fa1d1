namespace Strata.Cli.Frame;

/// <summary>What a script learns from the process; the numbers are shown in <c>strata --help</c> and do not change.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>The work failed, or it found what it should not.</summary>
    Failed = 1,

    /// <summary>Arguments or files are not as they must be: the same call fails again.</summary>
    BadInput = 2,

    /// <summary>A service could not be reached or was too slow: the same call may succeed later.</summary>
    Unavailable = 3,

    /// <summary>Ended by Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    Cancelled = 130,
}
