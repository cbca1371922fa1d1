using Strata.Edge;
using Strata.Ranking;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ranking");
builder.AddEdge();
builder.AddRanking();

var app = builder.Build();
app.MapServiceDefaults();
app.MapEdge();
app.MapRanking();
await app.RunAsync();
