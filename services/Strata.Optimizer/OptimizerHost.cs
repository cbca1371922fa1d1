using Strata.Optimizer.Learning;
using Strata.Optimizer.Outcomes;
using Strata.ServiceDefaults;

namespace Strata.Optimizer;

/// <summary>The service that learns how to rank and from which layers to recommend.</summary>
public static class OptimizerHost
{
    /// <summary>Adds the join of impressions with outcomes and the learner.</summary>
    public static IHostApplicationBuilder AddOptimizer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddServiceDefaults("optimizer");
        builder.Services.AddOutcomes().AddLearning();
        return builder;
    }

    /// <summary>Maps what every host answers; the service has no calls of its own.</summary>
    public static WebApplication MapOptimizer(this WebApplication app) => app.MapServiceDefaults();
}
