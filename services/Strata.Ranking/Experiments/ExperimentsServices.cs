using Strata.Edge.OpenApi;
using ExperimentsContract = Strata.Contracts.Ranking.V1.Experiments;

namespace Strata.Ranking.Experiments;

/// <summary>Wires the call that says how experiments fare.</summary>
internal static class ExperimentsServices
{
    public static IServiceCollection AddExperiments(this IServiceCollection services)
        => services.AddDocumentedService(ExperimentsContract.Descriptor);
}
