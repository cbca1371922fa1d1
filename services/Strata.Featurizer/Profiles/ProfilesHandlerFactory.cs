using Strata.Streaming;

namespace Strata.Featurizer.Profiles;

internal sealed class ProfilesHandlerFactory(IServiceProvider services) : IPartitionHandlerFactory
{
    public IPartitionHandler Create(PartitionContext context) => ActivatorUtilities.CreateInstance<ProfilesHandler>(services, context);
}
