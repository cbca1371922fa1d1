using Strata.Edge;
using Strata.Ingestion;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddEdge();
builder.AddIngestion();

var app = builder.Build();
app.MapServiceDefaults();
app.MapEdge();
app.MapIngestion();
await app.RunAsync();
