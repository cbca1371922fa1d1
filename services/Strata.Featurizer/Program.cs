using Strata.Featurizer;
using Strata.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("featurizer");
builder.AddFeaturizer();

return await builder.RunServiceAsync(app =>
{
    app.MapServiceDefaults();
    app.MapFeaturizer();
});
