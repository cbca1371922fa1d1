using Microsoft.Extensions.Options;
using Strata.Clustering.InForce;
using Strata.Clustering.Interests;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Streaming;

namespace Strata.Clustering.Points;

internal sealed class PointsHandlerFactory(
    LayerTable layers,
    IStateStore store,
    IOptions<PointsOptions> options,
    IOptions<InterestsOptions> interests,
    PointsMetrics metrics,
    TimeProvider clock,
    ILoggerFactory loggers) : IPartitionHandlerFactory
{
    public IPartitionHandler Create(PartitionContext context)
    {
        var users = new UserStore(
            store, context.Group, Topics.InterestPoints, context.Partition, context.Logs[Topics.InterestPoints], options.Value.CachedUsers);
        return new PointsHandler(
            context, layers, users, options.Value, interests.Value, metrics, clock, loggers.CreateLogger<PointsHandler>());
    }
}
