namespace Strata.Streaming.Consuming.Committing;

/// <summary>A commit did not happen and can't be tried again: everything since the last one is void.</summary>
internal sealed class CommitAbortedException(string message, Exception? inner) : Exception(message, inner);
