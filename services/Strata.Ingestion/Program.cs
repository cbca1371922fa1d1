using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
var app = builder.Build();
app.MapServiceDefaults();
await app.RunAsync();
