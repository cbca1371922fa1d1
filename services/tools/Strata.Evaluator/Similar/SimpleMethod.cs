using Strata.Evaluator.Baselines;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Similar;

/// <summary>A baseline that is asked by a user whose only item is the query, in each of its settings.</summary>
internal sealed class SimpleMethod(IBaseline baseline, ReplayStream stream)
{
    private readonly Histories _histories = new(stream.Users.Length);
    private readonly Scores _scores = new(stream.Items.Length);
    private readonly bool[] _excluded = new bool[stream.Items.Length];

    /// <summary>What was found so far, by setting.</summary>
    public IReadOnlyList<MethodLists> Lists { get; } = [.. baseline.Settings.Select(setting => new MethodLists(baseline.Name, setting))];

    public void Ask(int item, long time)
    {
        var history = new Histories.Entry();
        history.Touch(item, time);
        _excluded[item] = true;
        var request = new Request(0, time, stream.AliveAt(time), _excluded, 1, history);
        baseline.Prepare(request);
        for (var setting = 0; setting < Lists.Count; setting++)
        {
            var found = new int[SimilarEvaluation.Depth];
            baseline.Score(request, setting, _scores);
            _scores.Top(request, found);
            _scores.Clear();
            Lists[setting].Add(found);
        }

        _excluded[item] = false;
    }

    public void Learn(int index)
    {
        if (stream.Item[index] is >= 0 and var item)
        {
            var (user, time) = (stream.User[index], stream.Time[index]);
            var before = _histories.Of(user);
            baseline.Learn(new Touch(user, item, time, before is null || !before.Items.Contains(item), before));
            _histories.Touch(user, item, time);
        }
    }
}
