namespace Strata.ServiceDefaults.Redis;

/// <summary>What the store says to those who write.</summary>
public interface IStoreContact
{
    /// <summary>
    /// Why the store took no write when it was last asked: it is full, read-only, or its disk is. Null: it took one, or does not answer at
    /// all, which whoever reads finds out.
    /// </summary>
    string? Refusal { get; }

    /// <summary>An operator has values rebuilt from the log, and what is read may be old or not there.</summary>
    bool IsRebuilding { get; }
}
