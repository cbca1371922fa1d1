using System.CommandLine;
using System.Diagnostics;
using Google.Protobuf;
using Spectre.Console;
using Strata.Ranking.Candidates;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Benchmarks.Requests;

/// <summary>What a request for a slate of twenty costs by stage, from the user as read to the bytes of the answer, on one thread.</summary>
internal static class RequestBenchmark
{
    private const int Positions = 20;
    private static readonly string[] Stages =
        ["resolve", "gather", "features", "score", "layers", "place", "describe", "impression", "write"];

    public static Command Create()
    {
        var sizes = new Option<int[]>("--items")
        {
            Description = "Items of each catalogue.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [10_000, 100_000],
        };
        var requests = new Option<int>("--requests") { Description = "Requests of each.", DefaultValueFactory = _ => 2_000 };
        var command = new Command("request", "What a request for a slate costs by stage, for catalogues of several sizes.")
        {
            sizes, requests,
        };
        command.SetAction(parsed => Run(parsed.GetValue(sizes)!, parsed.GetValue(requests)));
        return command;
    }

    private static void Run(int[] sizes, int requests)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("median µs (bytes allocated)")
            .AddColumns([.. sizes.Select(items => $"{items:N0} items")]);
        var columns = sizes.Select(items => Column(items, requests)).ToList();
        string[] rows = [.. Stages, "all", "candidates", "catalogue, MB"];
        for (var row = 0; row < rows.Length; row++)
        {
            table.AddRow([rows[row], .. columns.Select(column => column[row])]);
        }

        AnsiConsole.Write(table);
    }

    private static List<string> Column(int items, int requests)
    {
        var options = new IndexOptions();
        var shop = new SyntheticShop(items, options);
        var bytes = GC.GetTotalMemory(forceFullCollection: true);
        var recommender = new Recommender(shop.Catalogue, new CurrentPolicy(), new CandidateOptions(), options);
        UserState[] users = [.. Enumerable.Range(0, requests).Select(_ => shop.User())];
        var warm = new StageCosts(Stages.Length);
        _ = users.Sum(user => Recommend(recommender, user, warm));
        var costs = new StageCosts(Stages.Length);
        var candidates = users.Sum(user => Recommend(recommender, user, costs));
        return [.. costs.Cells(), $"{candidates / (double)requests:F0}", $"{bytes / 1e6:F0}"];
    }

    private static int Recommend(Recommender recommender, UserState user, StageCosts costs)
    {
        var slates = new SlateOptions();
        costs.Begin();
        var moment = recommender.Now;
        using var request = recommender.Resolve(moment, user, RequestConstraints.Usual, SyntheticShop.NowMs);
        costs.End(0);
        recommender.Gather(request);
        costs.End(1);
        FeatureExtractor.Extract(request);
        costs.End(2);
        Scorer.Score(request, moment.Policy);
        costs.End(3);
        var layers = LayerDistribution.For(request, request.User, moment.Policy, slates);
        costs.End(4);
        var slate = SlateBuilder.Build(request, layers, Positions, slates.Exploration, slates, SlateSeed.RandomOf($"{costs.Requests}"));
        costs.End(5);
        var response = Recommendation.Describe(request, moment.Policy, layers, slate, "0192f0c1d2e3f40516273849");
        costs.End(6);
        var impression = ImpressionRecord.Of(request, moment.Policy, layers, response, slate, "user", DateTimeOffset.UnixEpoch);
        costs.End(7);
        _ = response.ToByteArray().Length + impression.CalculateSize();
        costs.End(8);
        return request.Count;
    }

    // Medians, since whoever shares the machine stretches some requests and not others.
    private sealed class StageCosts(int stages)
    {
        private readonly List<double>[] _microseconds = [.. Enumerable.Range(0, stages + 1).Select(_ => new List<double>())];
        private readonly long[] _bytes = new long[stages + 1];
        private long _began;
        private long _since;
        private long _allocated;

        public int Requests => _microseconds[^1].Count;

        public void Begin()
        {
            _began = _since = Stopwatch.GetTimestamp();
            _allocated = GC.GetAllocatedBytesForCurrentThread();
        }

        public void End(int stage)
        {
            var now = Stopwatch.GetTimestamp();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            _microseconds[stage].Add((now - _since) * 1e6 / Stopwatch.Frequency);
            _bytes[stage] += allocated - _allocated;
            if (stage == stages - 1)
            {
                _microseconds[stages].Add((now - _began) * 1e6 / Stopwatch.Frequency);
                _bytes[stages] = _bytes[..stages].Sum();
            }

            (_since, _allocated) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        }

        public IEnumerable<string> Cells()
        {
            for (var stage = 0; stage <= stages; stage++)
            {
                _microseconds[stage].Sort();
                yield return $"{_microseconds[stage][Requests / 2]:F1} ({(double)_bytes[stage] / Requests:N0})";
            }
        }
    }
}
