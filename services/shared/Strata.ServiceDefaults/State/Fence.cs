namespace Strata.ServiceDefaults.State;

/// <summary>How much of a partition's log a value has absorbed.</summary>
/// <param name="Log">Identity of the log; a recreated topic or another broker has another one. 0: none.</param>
/// <param name="Next">Next offset not yet absorbed.</param>
public readonly record struct Fence(ulong Log, long Next)
{
    /// <summary>Bytes of one fence.</summary>
    public const int Size = 16;

    /// <summary>True when the value already holds the record at <paramref name="offset"/> of <paramref name="log"/>.</summary>
    public bool Holds(ulong log, long offset) => Log == log && offset < Next;
}
