using Strata.Contracts.Layers.V1;
using Strata.Edge.Consents;
using Strata.Edge.OpenApi;
using Strata.Ranking.Browse;
using Strata.Ranking.Experiments;
using Strata.Ranking.Holdings;
using Strata.Ranking.Impressions;
using Strata.Ranking.Index;
using Strata.Ranking.Policies;
using Strata.Ranking.Queries;
using Strata.Ranking.Scoring;
using Strata.Ranking.Serving;
using Strata.Ranking.Shadow;
using Strata.Ranking.Suggestions;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.Health;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.ServiceDefaults.State;
using PoliciesContract = Strata.Contracts.Policy.V1.Policies;
using RankingContract = Strata.Contracts.Ranking.V1.Ranking;
using UsersContract = Strata.Contracts.Users.V1.Users;

namespace Strata.Ranking;

public static class RankingServices
{
    /// <summary>Adds the rooms of Ranking. Needs <c>AddServiceDefaults</c> and <c>AddEdge</c>.</summary>
    public static IHostApplicationBuilder AddRanking(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services
            .AddStateStore()
            .AddForgetting()
            .AddPseudonyms()
            .AddConsents()
            .AddIndex()
            .AddUsers()
            .AddScoring()
            .AddQueries()
            .AddSuggestions()
            .AddServing()
            .AddImpressions()
            .AddShadow()
            .AddBrowse()
            .AddHoldings()
            .AddPolicies()
            .AddExperiments()
            .CountAsDegraded("redis", ShadowServices.HealthCheck, SuggestionsServices.HealthCheck)
            .AddDocumentedService(RankingContract.Descriptor)
            .AddDocumentedService(Layers.Descriptor)
            .AddDocumentedService(UsersContract.Descriptor)
            .AddDocumentedService(PoliciesContract.Descriptor);
        builder.Services.AddGrpc()
            .AddServiceOptions<RankingService>(options => options.Interceptors.Add<CallGate>())
            .AddServiceOptions<LayersService>(options => options.Interceptors.Add<CallGate>())
            .AddServiceOptions<HoldingsService>(options => options.Interceptors.Add<CallGate>())
            .AddServiceOptions<PoliciesService>(options => options.Interceptors.Add<CallGate>())
            .AddServiceOptions<ExperimentsService>(options => options.Interceptors.Add<CallGate>());
        return builder;
    }

    /// <summary>Maps the gRPC services and their JSON calls.</summary>
    public static WebApplication MapRanking(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<RankingService>();
        app.MapGrpcService<LayersService>();
        app.MapGrpcService<HoldingsService>();
        app.MapGrpcService<PoliciesService>();
        app.MapGrpcService<ExperimentsService>();
        return app;
    }
}
