namespace Strata.Ranking.Index.Items;

/// <summary>What an item's text says, as terms numbered by <see cref="TermStatistics"/>.</summary>
/// <param name="Title">Terms of the title, repeated ones too.</param>
/// <param name="Text">The terms that stand for the whole text.</param>
public sealed record ItemTerms(int[] Title, int[] Text)
{
    private const int Words = 4;

    // A bit for each term: most items have none of a query's, and need not be searched for them.
    private readonly ulong[] _signature = SignatureOf(Title, Text);

    public static ItemTerms None { get; } = new([], []);

    /// <summary>False when the item has the term neither in its title nor in its text.</summary>
    public bool MayHave(int term) => (_signature[(term >> 6) & (Words - 1)] >> (term & 63) & 1) != 0;

    private static ulong[] SignatureOf(int[] title, int[] text)
    {
        var signature = new ulong[Words];
        foreach (var term in title.Concat(text))
        {
            signature[(term >> 6) & (Words - 1)] |= 1UL << (term & 63);
        }

        return signature;
    }
}
