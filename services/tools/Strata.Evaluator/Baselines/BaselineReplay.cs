using System.Diagnostics;
using Strata.Evaluator.Measures;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Baselines;

/// <summary>
/// Replays a stream through a baseline, twice: the first time every setting of its grid is scored on the tested events themselves and the
/// one with the largest NDCG@20 is chosen (generous to the baseline), the second time the chosen one makes its slates.
/// </summary>
internal sealed class BaselineReplay(ReplayStream stream, TestPlan plan)
{
    /// <summary>Tunes and replays.</summary>
    /// <param name="make">Makes the baseline in its first state.</param>
    /// <param name="progress">Told after each event; both passes count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public MethodRanks Run(Func<IBaseline> make, Action<int> progress, CancellationToken cancellationToken)
    {
        var baseline = make();
        var ranks = new Rank[baseline.Settings.Count][];
        for (var s = 0; s < ranks.Length; s++)
        {
            ranks[s] = new Rank[plan.Events.Length];
        }

        Replay(baseline, progress, (test, in request, scores) =>
        {
            for (var s = 0; s < ranks.Length; s++)
            {
                baseline.Score(request, s, scores);
                ranks[s][test] = scores.RankOf(stream.Item[plan.Events[test]], request);
                scores.Clear();
            }
        }, cancellationToken);
        var best = 0;
        for (var s = 1; s < ranks.Length; s++)
        {
            best = Accuracy.Of(ranks[s]).Ndcg20 > Accuracy.Of(ranks[best]).Ndcg20 ? s : best;
        }

        var slates = new int[plan.Events.Length * MethodRanks.SlateLength];
        var chosen = make();
        var ticks = Replay(chosen, progress, (test, in request, scores) =>
        {
            chosen.Score(request, best, scores);
            scores.Top(request, slates.AsSpan(test * MethodRanks.SlateLength, MethodRanks.SlateLength));
            scores.Clear();
        }, cancellationToken);
        var micros = plan.Events.Length == 0 ? 0 : Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds / plan.Events.Length;
        return new MethodRanks(baseline.Name, baseline.Settings.Count > 1 ? baseline.Settings[best] : "", ranks[best], slates, micros);
    }

    private delegate void Tested(int test, in Request request, Scores scores);

    private long Replay(IBaseline baseline, Action<int> progress, Tested tested, CancellationToken cancellationToken)
    {
        var histories = new Histories(stream.Users.Length);
        var excluded = new bool[stream.Items.Length];
        var scores = new Scores(stream.Items.Length);
        var (test, learned, ticks) = (0, 0, 0L);
        for (var i = 0; i < stream.Count; i++)
        {
            if (test < plan.Events.Length && plan.Events[test] == i)
            {
                var started = Stopwatch.GetTimestamp();
                Test(i, test++);
                ticks += Stopwatch.GetTimestamp() - started;
            }

            // A basket is learned when its last line was tested.
            if (plan.Variant != Variant.ByBasket || stream.BasketEnd(i) == i + 1)
            {
                for (; learned <= i; learned++)
                {
                    Learn(learned);
                }

                progress(i);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return ticks;

        void Test(int index, int number)
        {
            var history = histories.Of(stream.User[index]);
            var owned = plan.Repeats ? [] : history?.Owned ?? [];
            foreach (var item in owned)
            {
                excluded[item] = true;
            }

            var request = new Request(
                stream.User[index], stream.Time[index], stream.AliveAt(stream.Time[index]), excluded, owned.Count, history);
            baseline.Prepare(request);
            tested(number, request, scores);
            foreach (var item in owned)
            {
                excluded[item] = false;
            }
        }

        void Learn(int index)
        {
            if (stream.Item[index] < 0)
            {
                return;
            }

            var (user, item, time) = (stream.User[index], stream.Item[index], stream.Time[index]);
            var before = histories.Of(user);
            baseline.Learn(new Touch(user, item, time, before is null || !before.Items.Contains(item), before));
            histories.Touch(user, item, time);
        }
    }
}
