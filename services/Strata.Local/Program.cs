using Strata.Local;

return await LocalCommand.Create().Parse(args).InvokeAsync();
