using Strata.Contracts.Users.V1;

namespace Strata.Ranking.Holdings.Core;

/// <summary>What the store holds of a user, of one kind.</summary>
/// <param name="Kind">"profile", "layers" or "policy".</param>
/// <param name="IsThere">There is a value.</param>
/// <param name="Since">Up to when the user had been forgotten when it began; null: it does not say.</param>
/// <param name="Mark">Up to when the user was forgotten, as the mark says; null: there is none.</param>
/// <param name="IsSetAside">A value that could not be used is kept beside it.</param>
internal sealed record HeldValue(string Kind, bool IsThere, Forgotten? Since, Forgotten? Mark, bool IsSetAside)
{
    /// <summary>The owner has forgotten what was asked for then: it has said so, and what is there came later.</summary>
    public bool IsForgotten(long askedUnixMs)
        => (IsThere ? Since : Mark)?.AskedUnixMs >= askedUnixMs && !IsSetAside;

    /// <summary>The user was forgotten then or later, by clocks that differ by a minute at most.</summary>
    public bool WasForgottenAfter(DateTimeOffset time)
        => Math.Max(Since?.AskedUnixMs ?? 0, Mark?.AskedUnixMs ?? 0) is > 0 and var asked
            && DateTimeOffset.FromUnixTimeMilliseconds(asked) >= time.AddMinutes(-1);

    /// <summary>What is from before then; empty: nothing. The mark may be gone by now.</summary>
    public IEnumerable<string> From(long askedUnixMs)
    {
        if (IsThere && !(Since?.AskedUnixMs >= askedUnixMs))
        {
            yield return $"store:{Kind} holds a value from before";
        }

        if (IsSetAside)
        {
            yield return $"store:{Kind} holds a value that was set aside";
        }
    }
}
