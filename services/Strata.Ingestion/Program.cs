using Strata.Ingestion;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddIngestion();

var app = builder.Build();
app.MapServiceDefaults();
app.MapIngestion();
await app.RunAsync();
