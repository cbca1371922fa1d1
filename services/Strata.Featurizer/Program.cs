using Strata.Featurizer;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("featurizer");
builder.AddFeaturizer();

var app = builder.Build();
app.MapServiceDefaults();
app.MapFeaturizer();
await app.RunAsync();
