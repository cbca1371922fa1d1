namespace Strata.Streaming.Consuming.Committing;

/// <summary>An assigned partition as the commit thread sees it.</summary>
internal interface ICommitSource
{
    /// <summary>The output of the handler that lives now; null while none does.</summary>
    TransactionBuffer? Buffer { get; }

    /// <summary>Ends the handler's life as if it had failed: what it had not committed is void.</summary>
    void Fail(Exception fault);
}
