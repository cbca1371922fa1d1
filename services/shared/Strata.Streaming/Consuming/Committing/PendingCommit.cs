using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Committing;

/// <summary>What one partition wants committed in one step: messages and the positions that go with them.</summary>
internal sealed record PendingCommit(IReadOnlyList<OutgoingMessage> Messages, IReadOnlyDictionary<string, long> Positions, long Version);

/// <summary>How soon a partition wants a commit.</summary>
internal enum CommitNeed
{
    /// <summary>Nothing to commit.</summary>
    None,

    /// <summary>Only positions moved: nobody waits.</summary>
    Position,

    /// <summary>Messages wait to be sent.</summary>
    Output,

    /// <summary>Somebody waits for the commit.</summary>
    Flush,
}
