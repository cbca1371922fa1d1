namespace Strata.Contracts;

/// <summary>What experiments and their arms may be called: keys of the store have their names.</summary>
public static class ExperimentNames
{
    /// <summary>Characters, at most.</summary>
    public const int MostLength = 64;

    /// <summary>Arms that are kept of one user: the newest, those of experiments that ended among them.</summary>
    public const int MostArms = 16;

    /// <summary>1 to 64 of a to z, 0 to 9 and "-".</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= MostLength
            && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
    }
}
