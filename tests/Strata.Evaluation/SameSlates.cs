using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Contracts.Features.V1;
using Strata.Evaluator.Measures;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Texts;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.Evaluation;

/// <summary>
/// What <c>strata evaluate</c> measures is what the services serve: 2,000 events through both, and the same user's slate of 20 after every
/// tenth. What may differ, and why, is in infra/decisions/0015-proof.md.
/// </summary>
[Trait("height", "system")]
public sealed class SameSlates
{
    private const int ProbeEvery = 10;

    // All positions are equal as a rule. A pause between two threads at the wrong moment can let one event's activity into the next one's
    // example.
    private const double LeastShare = 0.98;

    // Percent of the events of which the running system may have made no example.
    private const int MostLostPercent = 5;

    [Fact]
    public async Task Slates_OfTheSample_AreThoseOfTheEvaluator() => await CompareAsync(LiveSet.OfSample());

    [Fact]
    public async Task Slates_OfOnlineRetail_AreThoseOfTheEvaluator()
    {
        var set = LiveSet.OfRetail();
        Assert.SkipWhen(set is null, "there is no folder shared/data with online_retail");

        await CompareAsync(set!);
    }

    private async Task CompareAsync(LiveSet set)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (features, known) = await DescribeAsync(set, cancellation);
        int[] probes = [.. Enumerable.Range(0, set.Stream.Count).Where(index => index % ProbeEvery == ProbeEvery - 1)];

        await using var broker = BrokerChoice.Embedded();
        await using var store = new GarnetStore();
        await using var running = await RunningSystem.StartAsync(set, broker, store, cancellation);
        var served = await running.ReplayAsync(probes, MethodRanks.SlateLength, cancellation);
        foreach (var index in running.Lost)
        {
            // Which examples are made is a sample in production, too: the evaluator learns from the same ones.
            set.Stream.Tested[index] = false;
        }

        var expected = await EvaluateAsync(set, features, known, probes, cancellation);

        var (equal, positions) = (0, 0);
        for (var probe = 0; probe < probes.Length; probe++)
        {
            positions += Math.Max(expected[probe].Count, served[probe].Count);
            equal += expected[probe].Zip(served[probe]).Count(pair => pair.First == pair.Second);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{equal} of {positions} positions are equal; {running.Lost.Count} examples were lost");
        Assert.Equal(set.Stream.Count / ProbeEvery, served.Count);
        Assert.InRange(running.Lost.Count, 0, MostLostPercent * set.Stream.Count / 100);
        Assert.True(
            equal >= LeastShare * positions,
            $"{equal} of {positions} positions are equal; {running.Lost.Count} examples were lost");
    }

    private static async Task<(ItemFeatures[] Items, QueryFeatures Queries)> DescribeAsync(LiveSet set, CancellationToken cancellationToken)
    {
        using var texts = new TextFeatures(Path.Combine(Path.GetTempPath(), "strata-vectors-of-tests"));
        var features = await texts.DescribeAsync(set.Stream.Items, _ => { }, cancellationToken);
        var known = await QueryFeatures.DescribeAsync(texts, set.Stream.Queries.Values, _ => _ => { }, cancellationToken);
        set.FindPoints(features, known);
        return (features, known);
    }

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> EvaluateAsync(
        LiveSet set,
        ItemFeatures[] features,
        QueryFeatures known,
        int[] probes,
        CancellationToken cancellationToken)
    {
        var setup = new StrataSetup
        {
            Serves = true,
            Layers = new LayersOptions { MovesPerEpoch = 0 },
            Points = new PointsOptions { EpochPoints = 1, EpochEventTime = TimeSpan.FromDays(365) },
        };
        var plan = TestPlan.Of(set.Stream, new ReplayOptions { From = DateTimeOffset.MaxValue });
        var outcome = await new StrataReplay(set.Stream, plan, setup, features, known, probes).RunAsync(_ => { }, cancellationToken);
        return [.. outcome.Probed.Select(slate => (IReadOnlyList<string>)[.. slate.Select(item => set.Stream.Items[item].ItemId)])];
    }
}
