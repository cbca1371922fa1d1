using Strata.Edge.Requests;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>One event's way through the rules: which of them touched it, and which refused it.</summary>
internal sealed class RuleRun
{
    private List<string>? _touched;

    /// <summary>What is wrong with the event, by any rule.</summary>
    public Violations Violations { get; } = new();

    /// <summary>Names of the rules that changed the event, in their order.</summary>
    public IReadOnlyList<string> Touched => _touched ?? [];

    /// <summary>The first rule that refused the event; null when none did.</summary>
    public string? RefusedBy { get; private set; }

    /// <summary>Notes what a rule did: whether it changed the event, and whether it added to <see cref="Violations"/>.</summary>
    public void Note(string rule, bool touched)
    {
        if (touched)
        {
            (_touched ??= []).Add(rule);
        }

        if (!Violations.None)
        {
            Refuse(rule);
        }
    }

    /// <summary>Notes that a rule refused the event.</summary>
    public void Refuse(string rule) => RefusedBy ??= rule;
}
