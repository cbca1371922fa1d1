namespace Strata.Evaluator.Measures;

/// <summary>How a method did on the tested events.</summary>
/// <param name="Name">Name in tables and files.</param>
/// <param name="Setting">The setting that tuning chose; empty when there was nothing to tune.</param>
/// <param name="Ranks">Where each tested event's item stands; absent: the method did not consider it.</param>
/// <param name="Slates">The first 20 items of each tested event, −1 beyond the end.</param>
/// <param name="Microseconds">Processor time a tested event.</param>
internal sealed record MethodRanks(string Name, string Setting, Rank[] Ranks, int[] Slates, double Microseconds)
{
    /// <summary>Items of a slate.</summary>
    public const int SlateLength = 20;

    /// <summary>The slate of a tested event.</summary>
    public ReadOnlySpan<int> Slate(int test) => Slates.AsSpan(test * SlateLength, SlateLength);
}
