using Strata.Clustering;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("clustering");
builder.AddClustering();

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
