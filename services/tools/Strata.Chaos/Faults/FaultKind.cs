namespace Strata.Chaos.Faults;

/// <summary>What is done to a system that works.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL, and started again.</summary>
    KillService,

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    HangService,

    /// <summary>SIGTERM, and started again.</summary>
    RestartService,

    /// <summary>SIGKILL, and started again on its files.</summary>
    KillBroker,

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    HangBroker,

    /// <summary>SIGKILL; it comes back with what its append-only file has.</summary>
    KillStore,

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    HangStore,

    /// <summary>It comes back without anything.</summary>
    EmptyStore,

    /// <summary>It comes back without the last second.</summary>
    LoseLastSecond,

    /// <summary>It refuses writes as one that lost its replicas does.</summary>
    ReadOnlyStore,

    /// <summary>It has no memory left.</summary>
    FullStore,

    /// <summary>All its connections are cut.</summary>
    CutConnections,

    /// <summary>A transaction is left open on a topic.</summary>
    OpenTransaction,

    /// <summary>Records that cannot be used, on every topic.</summary>
    Poison,

    /// <summary>Acknowledged events are sent again, in another order.</summary>
    Duplicates,
}
