using Strata.Optimizer.Learning;
using Strata.Optimizer.Outcomes;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Optimizer;

/// <summary>The service that learns how to rank and from which layers to recommend.</summary>
public static class OptimizerServices
{
    /// <summary>Adds the join of impressions with outcomes and the learner. Needs <c>AddServiceDefaults</c>.</summary>
    public static IHostApplicationBuilder AddOptimizer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddStateStore().AddForgetting().AddOutcomes().AddLearning();
        return builder;
    }
}
