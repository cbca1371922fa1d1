using Strata.Clustering.Catalogue;
using Strata.Clustering.Layers;
using Strata.Clustering.Points;
using Strata.Clustering.Reducer;
using Strata.Clustering.Titles;
using Strata.ServiceDefaults.State;

namespace Strata.Clustering;

/// <summary>Wires Clustering into a host, alone or beside other services.</summary>
public static class ClusteringHost
{
    /// <summary>Adds the layers, the workers and the reducer. Needs <c>AddServiceDefaults</c>.</summary>
    public static IHostApplicationBuilder AddClustering(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddStateStore().AddLayers().AddCatalogue().AddPoints().AddTitles(builder.Configuration).AddReducer();
        return builder;
    }
}
