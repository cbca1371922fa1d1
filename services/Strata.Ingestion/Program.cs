using Strata.Edge;
using Strata.Ingestion;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddEdge();
builder.AddIngestion();

return await builder.RunServiceAsync(app =>
{
    app.MapServiceDefaults();
    app.MapEdge();
    app.MapIngestion();
});
