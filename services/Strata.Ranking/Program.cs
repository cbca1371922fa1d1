using Strata.Ranking;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ranking");
builder.AddRanking();

var app = builder.Build();
app.MapServiceDefaults();
app.MapRanking();
await app.RunAsync();
