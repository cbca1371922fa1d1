using Strata.Optimizer;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("optimizer");
builder.AddOptimizer();

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
