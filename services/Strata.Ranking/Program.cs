using Strata.Edge;
using Strata.Ranking;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ranking");
builder.AddEdge();
builder.AddRanking();

return await builder.RunServiceAsync(app =>
{
    app.MapServiceDefaults();
    app.MapEdge();
    app.MapRanking();
});
