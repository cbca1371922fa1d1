using System.Globalization;
using Strata.Chaos.Promises;

namespace Strata.Chaos.Serving;

/// <summary>What the client got while something was away.</summary>
internal sealed record ServingPhase
{
    /// <summary>What was away.</summary>
    public required string Name { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Seconds from its end until everything was fresh.</summary>
    public required double Recovery { get; init; }

    public required int Calls { get; init; }

    /// <summary>Calls without a slate, or with an empty one.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Slates that said that something was away.</summary>
    public required int Degraded { get; init; }

    /// <summary>Calls that went to another instance first.</summary>
    public required int Again { get; init; }

    public required double MedianMs { get; init; }

    public required double P99Ms { get; init; }

    public required double SlowestMs { get; init; }

    /// <summary>Of the calls without a slate: from which second of the phase to which, and why the first had none.</summary>
    public required string Faults { get; init; }

    /// <summary>The phase as answers have it.</summary>
    public static ServingPhase Of(string name, TimeSpan lasted, TimeSpan recovery, IReadOnlyList<Answer> answers)
    {
        Answer[] faults = [.. answers.Where(answer => answer.Fault is not null).OrderBy(answer => answer.Began)];
        double[] took = [.. answers.Where(answer => answer.Fault is null).Select(answer => answer.Took.TotalMilliseconds).Order()];
        return new ServingPhase
        {
            Name = name,
            Seconds = lasted.TotalSeconds,
            Recovery = recovery.TotalSeconds,
            Calls = answers.Count,
            Unanswered = faults.Length,
            Degraded = answers.Count(answer => answer.Degraded),
            Again = answers.Count(answer => answer.Again > 0),
            MedianMs = At(took, .5),
            P99Ms = At(took, .99),
            SlowestMs = At(took, 1),
            Faults = faults.Length == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $"{Second(faults[0]):F1} to {Second(faults[^1]):F1} s, {faults[0].Fault}"),
        };

        double Second(Answer answer) => (answer.Began - answers.Min(first => first.Began)).TotalSeconds;
    }

    private static double At(double[] sorted, double share)
        => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}

/// <summary>What the scenario of a constant client found.</summary>
internal sealed record ServingReport
{
    public required int Seed { get; init; }

    public required int Instances { get; init; }

    public required int Nodes { get; init; }

    public required IReadOnlyList<ServingPhase> Phases { get; init; }

    /// <summary>Events that were acknowledged.</summary>
    public required int Events { get; init; }

    /// <summary>Times that the producer had to send again.</summary>
    public required int Retries { get; init; }

    /// <summary>Acknowledged events that the log does not have.</summary>
    public required int Lost { get; init; }

    /// <summary>Empty, if every call was answered and nothing was lost.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }
}
