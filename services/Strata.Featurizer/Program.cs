using Strata.Featurizer;

var builder = WebApplication.CreateBuilder(args);
builder.AddFeaturizer();
var app = builder.Build();
app.MapFeaturizer();
await app.RunAsync();
