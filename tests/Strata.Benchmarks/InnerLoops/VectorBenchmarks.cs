using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Strata.Benchmarks.KMeans;
using Strata.Numerics;

namespace Strata.Benchmarks.InnerLoops;

/// <summary>One vector of 384 floats: its product with another, its sum with another, and its way into bytes and back.</summary>
public class VectorBenchmarks
{
    private readonly float[] _a = new TopicPoints(1).Draw(1);
    private readonly float[] _b = new TopicPoints(2).Draw(1);
    private readonly float[] _sum = new float[TopicPoints.Dimensions];
    private readonly Half[] _halves = new Half[TopicPoints.Dimensions];
    private readonly float[] _decoded = new float[TopicPoints.Dimensions];
    private readonly Int8Vector _bytes = Int8Vector.Encode(new TopicPoints(1).Draw(1));

    [Benchmark(Baseline = true), BenchmarkCategory("dot")]
    public float TensorDot() => TensorPrimitives.Dot<float>(_a, _b);

    /// <summary>The same bits on every machine.</summary>
    [Benchmark, BenchmarkCategory("dot")]
    public float Dot() => VectorMath.Dot(_a, _b);

    [Benchmark(Baseline = true), BenchmarkCategory("add scaled")]
    public void AddByIndex()
    {
        for (var i = 0; i < _sum.Length; i++)
        {
            _sum[i] += _a[i] * .5f;
        }
    }

    [Benchmark, BenchmarkCategory("add scaled")]
    public void AddScaled() => VectorMath.AddScaled(_sum, _a, .5f);

    [Benchmark(Baseline = true), BenchmarkCategory("encode")]
    public void ToHalves() => TensorPrimitives.ConvertToHalf(_a, _halves);

    [Benchmark, BenchmarkCategory("encode")]
    public Int8Vector ToBytes() => Int8Vector.Encode(_a);

    [Benchmark(Baseline = true), BenchmarkCategory("decode")]
    public void FromHalves() => TensorPrimitives.ConvertToSingle(_halves, _decoded);

    [Benchmark, BenchmarkCategory("decode")]
    public void FromBytes() => _bytes.Decode(_decoded);
}
