namespace Strata.Streaming.Telemetry;

/// <summary>Why a partition begins again.</summary>
internal enum RestartCause
{
    /// <summary>A handler failed: somebody must look.</summary>
    Fault,

    /// <summary>The broker or the store was away, or a rebalance ended a transaction: it passes by itself.</summary>
    Away,

    /// <summary>The state is behind its position and reads again what it misses.</summary>
    Rewind,

    /// <summary>A consumer stood still, and its clients were abandoned.</summary>
    Stall,
}
