using Microsoft.Extensions.Logging.Abstractions;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Points;
using Strata.Contracts;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>A process: one table of the layers, and the partitions that it has.</summary>
internal sealed class Worker
{
    public LayerTable Layers { get; } = Read();

    /// <summary>Records of strata.layers.v1 that its table has read.</summary>
    public int TableRead { get; set; }

    public Dictionary<int, Share> Shares { get; } = [];

    private static LayerTable Read()
    {
        var layers = new LayerTable(NullLogger<LayerTable>.Instance);
        layers.CaughtUp();
        return layers;
    }
}

/// <summary>A partition in a worker's hands, from its assignment to its loss or to a fault.</summary>
internal sealed class Share(PointsHandler handler, TransactionOutput output)
{
    public PointsHandler Handler { get; } = handler;

    public TransactionOutput Output { get; } = output;

    /// <summary>Next offset to hand over.</summary>
    public long Read { get; set; }

    /// <summary>The batch in hand: it may wait for a newer set.</summary>
    public Task Batch { get; set; } = Task.CompletedTask;

    public bool IsBusy => !Batch.IsCompleted;

    /// <summary>Commits wait for no batch: those that it waits for are among them.</summary>
    public void Commit() => Output.Through();

    public static string Topic => Topics.InterestPoints;
}
