using System.Diagnostics;
using System.Threading.Channels;
using Strata.Contracts.Features.V1;
using Strata.Evaluator.Streams;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Evaluator.Replays;

/// <summary>
/// Replays a stream through Strata. Two threads: one takes events in and proposes candidates, the other scores and learns, each in the
/// order of the stream; proposing depends on no policy, so the result is that of one thread.
/// </summary>
/// <param name="stream">What is replayed.</param>
/// <param name="plan">Which events are tested.</param>
/// <param name="setup">Options of all services.</param>
/// <param name="features">Features of the items, in the stream's order.</param>
/// <param name="queries">What is known of the queries.</param>
/// <param name="probes">Events, ascending, after each of which its user asks for a slate, besides the tests; only by event, where every
/// event is taken in at once.</param>
internal sealed class StrataReplay(
    ReplayStream stream,
    TestPlan plan,
    StrataSetup setup,
    ItemFeatures[] features,
    QueryFeatures queries,
    IReadOnlyList<int>? probes = null)
{
    private const int UnderWay = 64;

    private readonly IReadOnlyList<int> _probes = probes ?? [];

    /// <param name="progress">Told after each event taken in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StrataOutcome> RunAsync(Action<int> progress, CancellationToken cancellationToken)
    {
        var state = new StrataState(stream, setup, features, queries);
        var rankings = new RankingTrials(stream, plan, setup, _probes.Count);
        var pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(UnderWay) { SingleReader = true, SingleWriter = true });
        var ranking = Task.Run(() => RankAsync(pending.Reader, rankings, cancellationToken), cancellationToken);
        var producing = Task.Run(() => ProduceAsync(state, pending.Writer, ranking, progress, cancellationToken), cancellationToken);
        var (eventTime, requestTime) = await producing;
        await ranking;
        return rankings.ToOutcome(
            eventTime.TotalMicroseconds / Math.Max(1, stream.Count), requestTime, state.BytesPerUser, state.BytesPerItem);
    }

    private async Task<(TimeSpan Events, TimeSpan Request)> ProduceAsync(
        StrataState state,
        ChannelWriter<Pending> pending,
        Task ranking,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        var (test, learned, probe, eventTicks, requestTicks, requests) = (0, 0, 0, 0L, 0L, 0L);
        var terms = new RequestConstraints(AllowRepeats: plan.Repeats);
        try
        {
            for (var i = 0; i < stream.Count; i++)
            {
                state.Advance(stream.Time[i]);
                var tested = test < plan.Events.Length && plan.Events[test] == i;
                var last = plan.Variant != Variant.ByBasket || stream.BasketEnd(i) == i + 1;
                if (TestPlan.IsPositive(stream, i, plan.Variant))
                {
                    var started = Stopwatch.GetTimestamp();
                    var request = state.Propose(i, terms);
                    requestTicks += Stopwatch.GetTimestamp() - started;
                    requests++;
                    if (!await WriteAsync(pending, new Pending(request, i, tested ? test : -1, last), ranking, cancellationToken))
                    {
                        break;
                    }
                }
                else if (last && plan.Variant == Variant.ByBasket)
                {
                    await WriteAsync(pending, new Pending(null, i, -1, last), ranking, cancellationToken);
                }

                test += tested ? 1 : 0;
                if (last)
                {
                    var started = Stopwatch.GetTimestamp();
                    for (; learned <= i; learned++)
                    {
                        state.Absorb(learned);
                    }

                    eventTicks += Stopwatch.GetTimestamp() - started;
                    progress(i);
                }

                if (probe < _probes.Count && _probes[probe] == i)
                {
                    await WriteAsync(pending, new Pending(state.Propose(i, terms), i, -1, false, probe++), ranking, cancellationToken);
                }
            }
        }
        finally
        {
            pending.Complete();
        }

        return (Stopwatch.GetElapsedTime(0, eventTicks), Stopwatch.GetElapsedTime(0, requestTicks) / Math.Max(1, requests));
    }

    // False when the other thread has ended, which it does early only with a fault.
    private static async ValueTask<bool> WriteAsync(
        ChannelWriter<Pending> pending,
        Pending next,
        Task ranking,
        CancellationToken cancellationToken)
    {
        while (!pending.TryWrite(next))
        {
            if (await Task.WhenAny(pending.WaitToWriteAsync(cancellationToken).AsTask(), ranking) == ranking)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task RankAsync(ChannelReader<Pending> pending, RankingTrials rankings, CancellationToken cancellationToken)
    {
        await foreach (var next in pending.ReadAllAsync(cancellationToken))
        {
            using var request = next.Request;
            if (next.Probe >= 0)
            {
                rankings.Probe(request!, next.Probe);
            }
            else if (request is not null)
            {
                rankings.Take(request, next.Event, next.Test);
            }

            if (next.Learn)
            {
                rankings.Learn();
            }
        }
    }

    /// <summary>A request on its way to the ranking thread.</summary>
    /// <param name="Request">Candidates; null: only a sign that a basket ends.</param>
    /// <param name="Event">Its event.</param>
    /// <param name="Test">Number of its test; −1: only learned from.</param>
    /// <param name="Learn">What was taken so far may be learned.</param>
    /// <param name="Probe">Number of its probe; −1: it is none.</param>
    private readonly record struct Pending(RankingRequest? Request, int Event, int Test, bool Learn, int Probe = -1);
}
