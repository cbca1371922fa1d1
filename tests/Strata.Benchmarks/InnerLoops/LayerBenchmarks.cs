using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using LayerSet = Strata.Clustering.Layers.LayerSet;
using Strata.Benchmarks.KMeans;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers.Wire;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Numerics;
using Strata.Streaming.Records;

namespace Strata.Benchmarks.InnerLoops;

/// <summary>A set of 256 layers at 384 dimensions: the layer nearest to a point, and the set's way to the log and back.</summary>
public class LayerBenchmarks
{
    private const int Layers = 256;
    private const int Points = 64;
    private const int Dimensions = TopicPoints.Dimensions;

    private readonly float[] _centroids;
    private readonly float[] _points;
    private readonly PanelMatrix _panels;
    private readonly float[] _scores;
    private readonly Assigner _assigner;
    private readonly Nearest[] _nearest = new Nearest[Points];
    private readonly LayerSet _set;
    private readonly Layer[] _messages;
    private readonly List<(string Key, byte[] Value)> _records;

    public LayerBenchmarks()
    {
        var topics = new TopicPoints(1);
        (_centroids, _points) = (topics.Draw(Layers), topics.Draw(Points));
        _panels = new PanelMatrix(_centroids, Dimensions);
        _scores = new float[Points * _panels.Stride];
        _set = ProductionStep.LayersAt(_centroids);
        _assigner = new Assigner(_set);
        _messages = [.. Enumerable.Range(0, Layers).Select(i => LayerSetCodec.ToMessage(_set, i))];
        _records = WriteSet();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Points), BenchmarkCategory("nearest of 256")]
    public int ByTensorDot()
    {
        var sum = 0;
        for (var i = 0; i < Points; i++)
        {
            var (best, at) = (float.NegativeInfinity, 0);
            for (var layer = 0; layer < Layers; layer++)
            {
                var centroid = _centroids.AsSpan(layer * Dimensions, Dimensions);
                var cosine = TensorPrimitives.Dot<float>(_points.AsSpan(i * Dimensions, Dimensions), centroid);
                (best, at) = cosine > best ? (cosine, layer) : (best, at);
            }

            sum += at;
        }

        return sum;
    }

    /// <summary>All 256 products, packed.</summary>
    [Benchmark(OperationsPerInvoke = Points), BenchmarkCategory("nearest of 256")]
    public int ByPanels()
    {
        _panels.Multiply(_points, _scores);
        var sum = 0;
        for (var i = 0; i < Points; i++)
        {
            sum += TensorPrimitives.IndexOfMax(_scores.AsSpan(i * _panels.Stride, Layers));
        }

        return sum;
    }

    /// <summary>As production does it: the three nearest, of those that the product in seven bits leaves.</summary>
    [Benchmark(OperationsPerInvoke = Points), BenchmarkCategory("nearest of 256")]
    public void ByScreening() => _assigner.Assign(_points, _nearest);

    [Benchmark(Baseline = true), BenchmarkCategory("write a set")]
    public int WriteMessages() => _messages.Sum(message => message.ToByteArray().Length);

    [Benchmark, BenchmarkCategory("write a set")]
    public List<(string Key, byte[] Value)> WriteSet() =>
    [
        .. Enumerable.Range(0, Layers)
            .Select(i => (LayerSetCodec.KeyOf(_set.Layers[i].Id), LayerSetCodec.ToMessage(_set, i).ToByteArray())),
        (LayerSetCodec.MarkerKey, LayerSetCodec.ToMarker(_set).ToByteArray()),
    ];

    [Benchmark(Baseline = true), BenchmarkCategory("read a set")]
    public int ReadMessages() => _records.Take(Layers).Sum(record => Layer.Parser.ParseFrom(record.Value).Centroid.Count);

    [Benchmark, BenchmarkCategory("read a set")]
    public LayerSet ReadSet()
    {
        var assembler = new LayerSetAssembler();
        foreach (var (key, value) in _records)
        {
            assembler.Add(new StreamRecord(Topics.Layers, 0, 0, key, value, DateTimeOffset.UnixEpoch, []));
        }

        return assembler.Newest!;
    }
}
