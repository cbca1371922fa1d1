using Strata.Optimizer;

var builder = WebApplication.CreateBuilder(args);
builder.AddOptimizer();

var app = builder.Build();
app.MapOptimizer();
await app.RunAsync();
