using Strata.Streaming;

namespace Strata.Featurizer.Activity;

internal sealed class ActivityReducerFactory(IServiceProvider services) : IPartitionHandlerFactory
{
    public IPartitionHandler Create(PartitionContext context) => ActivatorUtilities.CreateInstance<ActivityReducer>(services, context);
}
