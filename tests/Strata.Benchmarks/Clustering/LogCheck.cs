using Strata.Clustering.Tests.Schedules;
using Strata.Contracts;
using Strata.Streaming.Records;

namespace Strata.Benchmarks.Clustering;

/// <summary>Feeds what is new in the logs to a sequential run.</summary>
internal sealed class LogCheck(ClusteringStage stage, SequentialRun sequential)
{
    private readonly Dictionary<(string Topic, int Partition), long> _read = [];

    public SequentialRun Sequential => sequential;

    /// <summary>True when the newest version holds every point in the log.</summary>
    public async Task<bool> IsAbsorbedAsync(CancellationToken cancellationToken)
    {
        var ends = (await stage.RecordsAsync(Topics.InterestPoints, cancellationToken)).GroupBy(record => record.Partition)
            .ToDictionary(records => records.Key, records => records.Last().Offset + 1);
        var next = (await stage.MarkerAsync(cancellationToken))!.Positions
            .ToDictionary(position => position.Partition, position => position.Next);
        return ends.All(end => next.GetValueOrDefault(end.Key) == end.Value);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Deltas first: the set that one was assigned by had been published before it was sent.
        var deltas = await NewAsync(Topics.LayerDeltas, cancellationToken);
        var layers = await NewAsync(Topics.Layers, cancellationToken);
        (await NewAsync(Topics.InterestPoints, cancellationToken)).ForEach(sequential.AddPoint);
        layers.ForEach(sequential.AddLayer);
        deltas.ForEach(sequential.AddDelta);
        sequential.Finish();
    }

    private async Task<List<StreamRecord>> NewAsync(string topic, CancellationToken cancellationToken)
    {
        var records = (await stage.RecordsAsync(topic, cancellationToken))
            .Where(record => record.Offset >= _read.GetValueOrDefault((topic, record.Partition)))
            .ToList();
        foreach (var record in records)
        {
            _read[(topic, record.Partition)] = record.Offset + 1;
        }

        return records;
    }
}
