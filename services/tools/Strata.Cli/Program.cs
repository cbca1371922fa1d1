using Strata.Cli;

return await Commands.Create().RunAsync(args, Console.Out, Console.Error);
