namespace Strata.Console;

/// <summary>What the page shows beyond what the process knows.</summary>
public sealed class ConsoleOptions
{
    /// <summary>Where they stand in the configuration.</summary>
    public const string SectionName = "Console";

    /// <summary>
    /// Folder with what <c>strata evaluate … --json</c> wrote: its files that end in .json are the runs of the page <em>Evaluation</em>. It
    /// is read when the page is looked at, and need not be there before.
    /// </summary>
    /// <value>Empty: there is none, and the page says how to name one.</value>
    public string Evaluations { get; set; } = "";
}
