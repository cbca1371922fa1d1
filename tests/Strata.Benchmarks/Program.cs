using System.CommandLine;
using Strata.Benchmarks;
using Strata.Benchmarks.Answers;
using Strata.Benchmarks.Clustering;
using Strata.Benchmarks.Exploration;
using Strata.Benchmarks.InnerLoops;
using Strata.Benchmarks.KMeans;

var root = new RootCommand("Benchmarks of Strata. Each prints its table; run them in Release on a quiet machine.");
root.Subcommands.Add(InnerLoopsCommand.Create());
root.Subcommands.Add(FreshnessBenchmark.Create());
root.Subcommands.Add(WeightsBenchmark.Create());
root.Subcommands.Add(PointsBenchmark.Create());
root.Subcommands.Add(ExactnessBenchmark.Create());
root.Subcommands.Add(KMeansBenchmark.Create());
root.Subcommands.Add(ExplorationBenchmark.Create());
root.Subcommands.Add(AnswersBenchmark.Create());
return await root.Parse(args).InvokeAsync();
