using Microsoft.Extensions.Options;
using Strata.Clustering.Catalogue;
using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Clustering.Naming;
using Strata.Clustering.Reducer.Core;
using Strata.Streaming;

namespace Strata.Clustering.Reducer;

/// <summary>Makes the reducer for partition 0, which carries all deltas.</summary>
internal sealed class LayerReducerFactory(
    IPartitionReader reader,
    ItemTable catalogue,
    TitleBook titles,
    IOptions<LayersOptions> layersOptions,
    IOptions<ReducerOptions> options,
    IOptions<GroupsOptions> groups,
    ReducerMetrics metrics,
    TimeProvider clock,
    ILoggerFactory loggers) : IPartitionHandlerFactory
{
    public IPartitionHandler Create(PartitionContext context)
        => context.Partition == 0
            ? new LayerReducerHandler(
                context,
                reader,
                catalogue,
                titles,
                layersOptions.Value,
                options.Value,
                groups.Value,
                metrics,
                clock,
                loggers.CreateLogger<LayerReducerHandler>())
            : new EmptyPartitionHandler();
}
