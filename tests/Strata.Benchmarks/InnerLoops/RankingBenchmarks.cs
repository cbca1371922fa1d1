using BenchmarkDotNet.Attributes;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;

namespace Strata.Benchmarks.InnerLoops;

/// <summary>The best of 10,000: of scores as they come, and by a key of which some change.</summary>
public class RankingBenchmarks
{
    private const int Items = 10_000;
    private const int Best = 100;
    private const int Capacity = 2_000;

    private readonly double[] _scores = new double[Items];
    private readonly HashSet<int> _changed = [];
    private readonly TopList _top = new(Best);
    private readonly PriorityQueue<int, double> _queue = new(Best + 1);
    private readonly RankedList _ranked;

    public RankingBenchmarks()
    {
        var random = new Random(1);
        for (var i = 0; i < Items; i++)
        {
            _scores[i] = random.NextDouble();
        }

        _ranked = RankedList.Build(Items, item => _scores[item], Capacity);
        while (_changed.Count < Best)
        {
            var item = random.Next(Items);
            (_scores[item], _) = (random.NextDouble(), _changed.Add(item));
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("top 100 of 10,000")]
    public int Heap()
    {
        _queue.Clear();
        for (var i = 0; i < Items; i++)
        {
            if (_queue.Count < Best)
            {
                _queue.Enqueue(i, _scores[i]);
            }
            else
            {
                _queue.EnqueueDequeue(i, _scores[i]);
            }
        }

        return _queue.Count;
    }

    [Benchmark, BenchmarkCategory("top 100 of 10,000")]
    public int TopList()
    {
        _top.Clear();
        for (var i = 0; i < Items; i++)
        {
            _top.Offer(i, _scores[i]);
        }

        return _top.Count;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("100 keys change")]
    public RankedList Anew() => RankedList.Build(Items, item => _scores[item], Capacity);

    [Benchmark, BenchmarkCategory("100 keys change")]
    public RankedList? Changed() => _ranked.With(_changed, item => _scores[item], Capacity);
}
