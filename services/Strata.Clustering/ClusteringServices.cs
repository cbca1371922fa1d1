using Strata.Clustering.Catalogue;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Interests;
using Strata.Clustering.Naming;
using Strata.Clustering.Points;
using Strata.Clustering.Reducer;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Clustering;

/// <summary>Wires Clustering into a host, alone or beside other services.</summary>
public static class ClusteringServices
{
    /// <summary>Adds the tables, the workers and the reducer. Needs <c>AddServiceDefaults</c>.</summary>
    public static IHostApplicationBuilder AddClustering(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddStateStore().AddForgetting().AddCurrentLayers().AddCatalogue().AddInterests().AddPoints()
            .AddNaming(builder.Configuration).AddReducer();
        return builder;
    }
}
