using System.CommandLine;
using Strata.Cli.Evaluate;
using Strata.Cli.Layers;
using Strata.Cli.Replay;

var root = new RootCommand("strata: replay data sets through Strata and look at what it made of them.");
root.Subcommands.Add(ReplayCommand.Create());
root.Subcommands.Add(EvaluateCommand.Create());
root.Subcommands.Add(TuneCommand.CreateGroup());
return await root.Parse(args).InvokeAsync();
