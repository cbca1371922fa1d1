using Strata.Streaming;

namespace Strata.Featurizer.Items;

internal sealed class ItemsHandlerFactory(IServiceProvider services) : IPartitionHandlerFactory
{
    public IPartitionHandler Create(PartitionContext context) => ActivatorUtilities.CreateInstance<ItemsHandler>(services, context);
}
