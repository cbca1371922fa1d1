namespace Strata.Ranking.Users.Core;

/// <summary>In what state a user comes; each context has weights of its own.</summary>
public static class Contexts
{
    /// <summary>Nothing is known of the user.</summary>
    public const int NewUser = 0;

    /// <summary>Their last event is less than an hour ago.</summary>
    public const int Active = 1;

    /// <summary>They were here before.</summary>
    public const int Returning = 2;

    public const int Count = 3;

    private const double ActiveMs = 3_600_000;

    /// <summary>Context of a user whose last event is <paramref name="idleMs"/> ago; infinite: there was none.</summary>
    public static int Of(double idleMs) => double.IsPositiveInfinity(idleMs) ? NewUser : idleMs < ActiveMs ? Active : Returning;
}
