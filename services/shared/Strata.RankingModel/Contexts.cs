namespace Strata.RankingModel;

/// <summary>In what state a user comes; each context has weights of its own. New ones are added at the end.</summary>
public static class Contexts
{
    /// <summary>
    /// Nothing is known of the user that items could be compared with: no item that they took, no query that is answered.
    /// </summary>
    public const int NewUser = 0;

    /// <summary>Their last event is less than an hour ago.</summary>
    public const int Active = 1;

    /// <summary>They were here before.</summary>
    public const int Returning = 2;

    /// <summary>
    /// Their last event is a search that something answers. This context's weights stand alone and stay the prior's: what others choose
    /// says nothing against a word that somebody just said.
    /// </summary>
    public const int Searching = 3;

    /// <summary>Number of contexts.</summary>
    public const int Count = 4;

    private const double ActiveMs = 3_600_000;

    /// <summary>The context's weights are all of its weights; those that contexts share are not added.</summary>
    public static bool StandsAlone(int context) => context == Searching;

    /// <summary>Context of a user whose last event is <paramref name="idleMs"/> ago; infinite: nothing is known of them.</summary>
    public static int Of(double idleMs, bool searching = false) => searching
        ? Searching
        : double.IsPositiveInfinity(idleMs) ? NewUser : idleMs < ActiveMs ? Active : Returning;
}
