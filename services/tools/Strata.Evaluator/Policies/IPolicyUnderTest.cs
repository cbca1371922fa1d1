namespace Strata.Evaluator.Policies;

/// <summary>A way to choose from which layer to show one item to a user.</summary>
internal interface IPolicyUnderTest
{
    /// <summary>Name in tables.</summary>
    string Name { get; }

    /// <summary>Writes with which probability each layer is chosen.</summary>
    void Choose(int user, Span<double> probabilities);

    /// <summary>Learns what a user did.</summary>
    void Learn(int user, int layer, bool clicked, long timeMs);

    /// <summary>Everybody was shown one item.</summary>
    void EndRound();
}
