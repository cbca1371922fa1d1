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

    /// <summary>Its wall clock jumps, by up to two hours forward or back, and is put right after a while.</summary>
    StepClock,

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

    /// <summary>Its disk is full: its file can grow no further.</summary>
    FullDisk,

    /// <summary>All connections of services to the store, or to the brokers, are reset.</summary>
    CutConnections,

    /// <summary>Everything between services and the store, or the brokers, takes long.</summary>
    SlowConnections,

    /// <summary>Connections are half-open: what is sent on those of now is lost for good and without a word; new ones work.</summary>
    DeadConnections,

    /// <summary>One instance more joins, and leaves again.</summary>
    Rebalance,

    /// <summary>A transaction is left open on a topic.</summary>
    OpenTransaction,

    /// <summary>Records that cannot be used, on every topic.</summary>
    Poison,

    /// <summary>Acknowledged events are sent again, in another order.</summary>
    Duplicates,
}
