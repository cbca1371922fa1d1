using Strata.Cli.ApiKeys;
using Strata.Cli.Backups;
using Strata.Cli.Bench;
using Strata.Cli.Chaos;
using Strata.Cli.Doctor;
using Strata.Cli.Evaluate;
using Strata.Cli.Experiments;
using Strata.Cli.Export;
using Strata.Cli.Frame;
using Strata.Cli.Layers;
using Strata.Cli.Letters;
using Strata.Cli.Policies;
using Strata.Cli.Progress;
using Strata.Cli.Pseudonyms;
using Strata.Cli.Rebuild;
using Strata.Cli.Replay;
using Strata.Cli.Settings;
using Strata.Cli.Topology;
using Strata.Cli.Users;

namespace Strata.Cli;

internal static class Commands
{
    public static StrataRoot Create() => new(
        "strata: replay data sets through Strata and look at what it made of them.",
        ReplayCommand.Create(),
        EvaluateCommand.Create(),
        BenchCommand.Create(),
        ChaosCommand.Create(),
        DoctorCommand.Create(),
        LagCommand.Create(),
        DeadLettersCommand.CreateGroup(),
        TopicsCommand.CreateGroup(),
        ConfigCommand.CreateGroup(),
        RebuildCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        LayerSetCommand.CreateGroup(),
        SegmentsCommand.CreateGroup(),
        PoliciesCommand.CreateGroup(),
        ExperimentsCommand.Create(),
        ExportCommand.CreateGroup(),
        KeysCommand.CreateGroup(),
        UserCommand.CreateGroup(),
        RekeyCommand.CreateGroup());
}
