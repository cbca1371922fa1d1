using Strata.Optimizer;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("optimizer");
builder.AddOptimizer();

var app = builder.Build();
app.MapServiceDefaults();
await app.RunAsync();
