using System.Diagnostics;
using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.Evaluator.Measures;
using Strata.Evaluator.Streams;
using Strata.Optimizer.Learning.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Evaluator.Replays;

/// <summary>
/// Ranks proposed candidates by the policy that the learner would publish at that moment, notes where the item chosen stands, and learns
/// from it as from a shadow slate. What was taken is learned when the protocol allows it: after each event, or after a basket.
/// </summary>
internal sealed class RankingTrials(ReplayStream stream, TestPlan plan, StrataSetup setup, int probes = 0)
{
    private const double FusionOffset = 60;

    private readonly PolicyLearner _learner = new(setup.Learning, setup.Prior);
    private readonly List<TrainingExample> _waiting = [];
    private readonly Rank[] _ranks = new Rank[plan.Events.Length];
    private readonly Rank[] _fused = new Rank[plan.Events.Length];
    private readonly int[] _slates = new int[plan.Events.Length * MethodRanks.SlateLength];
    private readonly int[] _fusedSlates = new int[plan.Events.Length * MethodRanks.SlateLength];
    private readonly Rank[] _servedRanks = new Rank[setup.Serves ? plan.Events.Length : 0];
    private readonly int[] _servedSlates = new int[setup.Serves ? plan.Events.Length * MethodRanks.SlateLength : 0];
    private readonly int[][] _probed = new int[probes][];
    private readonly Rank[][] _sources
        = [.. Enumerable.Range(0, SourceSchema.Count + 1).Select(_ => new Rank[plan.Events.Length])];
    private readonly LayerVariation _variation = new();
    private double[] _fusion = [];
    private long _ticks;
    private long _servingTicks;

    /// <summary>Ranks a request if it is tested, and keeps it for learning.</summary>
    public void Take(RankingRequest request, int index, int test)
    {
        var item = stream.Item[index];
        if (test >= 0)
        {
            var started = Stopwatch.GetTimestamp();
            var policy = RankingPolicy.From(_learner.Publish(), setup.Prior);
            Scorer.Score(request, policy);
            Note(request, request.Scores, item, test, _ranks, _slates);
            _ticks += Stopwatch.GetTimestamp() - started;
            if (setup.Serves)
            {
                started = Stopwatch.GetTimestamp();
                Serve(request, policy, index, test);
                _servingTicks += Stopwatch.GetTimestamp() - started;
            }

            Fuse(request);
            Note(request, _fusion, item, test, _fused, _fusedSlates);
            for (var source = 0; source < SourceSchema.Count; source++)
            {
                _sources[source][test] = request.ListOf(source).RankOf(item);
            }

            _sources[^1][test] = CentroidRank(request, item);
        }

        _waiting.Add(ExampleOf(request, stream.Users[stream.User[index]], item, stream.Time[index]));
    }

    /// <summary>Learns what was taken.</summary>
    public void Learn()
    {
        foreach (var example in _waiting)
        {
            _learner.Learn(example);
        }

        _waiting.Clear();
    }

    /// <summary>Makes the slate that would be served now, without exploration.</summary>
    public void Probe(RankingRequest request, int probe)
    {
        var policy = RankingPolicy.From(_learner.Publish(), setup.Prior);
        Scorer.Score(request, policy);
        var layers = LayerDistribution.For(request, request.User, policy, setup.Slates);
        _probed[probe] = [.. SlateOf(request, layers, 0, 0).Select(placed => placed.Item)];
    }

    public StrataOutcome ToOutcome(double eventMicroseconds, TimeSpan propose, double bytesPerUser, double bytesPerItem)
    {
        var tests = Math.Max(1, plan.Events.Length);
        var microseconds = propose.TotalMicroseconds + (Stopwatch.GetElapsedTime(0, _ticks).TotalMicroseconds / tests);
        return new StrataOutcome(
            new MethodRanks(setup.Name, "", _ranks, _slates, microseconds),
            new MethodRanks($"{setup.Name}-no-learner", "", _fused, _fusedSlates, microseconds),
            setup.Serves
                ? new MethodRanks(
                    $"{setup.Name}-served",
                    "",
                    _servedRanks,
                    _servedSlates,
                    microseconds + (Stopwatch.GetElapsedTime(0, _servingTicks).TotalMicroseconds / tests))
                : null,
            _variation,
            _probed,
            [.. SourceSchema.Names.Append("single_centroid").Select((name, source) => (name, _sources[source]))],
            _ranks.Count(rank => rank.Better >= 0) / (double)tests,
            eventMicroseconds,
            bytesPerUser,
            bytesPerItem);
    }

    /// <summary>What a request and the item chosen teach, as a shadow slate.</summary>
    public static TrainingExample ExampleOf(RankingRequest request, string userId, int item, long timeMs)
        => new()
        {
            Origin = TrainingExample.Types.Origin.Shadow,
            Schema = FeatureSchema.Version,
            Context = (uint)request.Context,
            TimeUnixMs = timeMs,
            Candidates = (uint)request.Count,
            Features = UnsafeByteOperations.UnsafeWrap(FeatureBytes.Encode(request.AllFeatures)),
            Positive = request.CandidateOf(item),
            LayerId = Cohorts.NewLayer(request.View, request.History.UserSlots, item),
            UserBucket = Cohorts.BucketOf(userId),
            Cohorts = { Cohorts.NamesOf(request.User.Profile?.Attributes) },
        };

    private static void Note(RankingRequest request, double[] scores, int item, int test, Rank[] ranks, int[] slates)
    {
        var candidates = scores.AsSpan(0, request.Count);
        var at = request.CandidateOf(item);
        var (better, equal) = (0, 0);
        var order = new int[candidates.Length];
        var negated = new double[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            (order[i], negated[i]) = (i, -candidates[i]);
            if (at >= 0)
            {
                better += candidates[i] > candidates[at] ? 1 : 0;
                equal += candidates[i] == candidates[at] ? 1 : 0;
            }
        }

        ranks[test] = at < 0 ? Rank.Absent : new Rank(better, equal);
        Array.Sort(negated, order);
        var slate = slates.AsSpan(test * MethodRanks.SlateLength, MethodRanks.SlateLength);
        slate.Fill(-1);
        for (var position = 0; position < Math.Min(slate.Length, order.Length); position++)
        {
            slate[position] = request.Items[order[position]];
        }
    }

    // As Ranking.Recommend places candidates. What is not on the slate stands behind it, in the order of the scores.
    private void Serve(RankingRequest request, RankingPolicy policy, int index, int test)
    {
        var layers = LayerDistribution.For(request, request.User, policy, setup.Slates);
        var placed = SlateOf(request, layers, setup.Slates.Exploration, index);
        _variation.Add(request, layers, placed);
        var slate = _servedSlates.AsSpan(test * MethodRanks.SlateLength, MethodRanks.SlateLength);
        slate.Fill(-1);
        for (var position = 0; position < placed.Count; position++)
        {
            slate[position] = placed[position].Item;
        }

        var at = slate.IndexOf(stream.Item[index]);
        var pure = _ranks[test];
        if (at >= 0 || pure.Better < 0)
        {
            _servedRanks[test] = at;
            return;
        }

        var own = request.ScoreOf(request.CandidateOf(stream.Item[index]));
        _servedRanks[test] = pure with { Better = pure.Better + placed.Count(item => request.ScoreOf(item.Candidate) < own) };
    }

    private IReadOnlyList<PlacedItem> SlateOf(RankingRequest request, LayerDistribution layers, double exploration, int index)
        => SlateBuilder.Build(
            request,
            layers,
            MethodRanks.SlateLength,
            exploration,
            setup.Slates,
            new Random((plan.Seed * 1_000_003) ^ index));

    private void Fuse(RankingRequest request)
    {
        if (_fusion.Length < request.Count)
        {
            _fusion = new double[request.Scores.Length];
        }

        Array.Clear(_fusion);
        for (var source = 0; source < SourceSchema.Count; source++)
        {
            var items = request.ListOf(source).Items;
            for (var rank = 0; rank < items.Length; rank++)
            {
                if (request.CandidateOf(items[rank]) is >= 0 and var candidate)
                {
                    _fusion[candidate] += 1 / (FusionOffset + rank);
                }
            }
        }
    }

    private static Rank CentroidRank(RankingRequest request, int item)
    {
        var position = request.Text.NumberOf(item);
        if (position < 0 || request.History.Count == 0)
        {
            return Rank.Absent;
        }

        var (better, equal, own) = (0, 0, request.Text.Centroid[position]);
        for (var other = 0; other < request.Text.Count; other++)
        {
            if (request.Text.Centroid[other] >= own && request.Text.ItemAt(other) is >= 0 and var candidate && request.Allows(candidate))
            {
                better += request.Text.Centroid[other] > own ? 1 : 0;
                equal += request.Text.Centroid[other] == own ? 1 : 0;
            }
        }

        return new Rank(better, Math.Max(1, equal));
    }
}
