using Strata.Clustering;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("clustering");
builder.AddClustering();

var app = builder.Build();
app.MapServiceDefaults();
await app.RunAsync();
