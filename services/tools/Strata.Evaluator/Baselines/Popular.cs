namespace Strata.Evaluator.Baselines;

/// <summary>Most events so far.</summary>
internal sealed class Popularity(int items) : IBaseline
{
    private readonly double[] _counts = new double[items];

    public string Name => "popularity";

    public IReadOnlyList<string> Settings { get; } = [""];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores) => scores.Take(_counts);

    public void Learn(in Touch touch) => _counts[touch.Item]++;
}

/// <summary>
/// Most events lately: decayed counts, one setting a half-life. Kept as log2 of the count plus the halvings since the epoch, so that
/// nothing over- or underflows.
/// </summary>
internal sealed class RecentPopularity : IBaseline
{
    private static readonly double[] HalfLifeHours = [1, 3, 6, 12, 24, 72, 168, 336, 720, 1440];

    private readonly double[][] _keys;

    public RecentPopularity(int items)
    {
        _keys = [.. HalfLifeHours.Select(_ => new double[items])];
        Array.ForEach(_keys, keys => Array.Fill(keys, double.NegativeInfinity));
    }

    public string Name => "recent-popularity";

    public IReadOnlyList<string> Settings { get; } = [.. HalfLifeHours.Select(hours => $"half-life {hours} h")];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores) => scores.Take(_keys[setting]);

    public void Learn(in Touch touch)
    {
        for (var h = 0; h < _keys.Length; h++)
        {
            var halvings = touch.TimeMs / (HalfLifeHours[h] * 3_600_000);
            ref var key = ref _keys[h][touch.Item];
            key = double.Log2(double.Exp2(key - halvings) + 1) + halvings;
        }
    }
}

/// <summary>Newest by creation, else by first event; items that nothing is known of come last.</summary>
internal sealed class Newest : IBaseline
{
    private readonly double[] _births;

    public Newest(long[] createdMs)
    {
        _births = [.. createdMs.Select(time => time > 0 ? (double)time : double.NegativeInfinity)];
    }

    public string Name => "newest";

    public IReadOnlyList<string> Settings { get; } = [""];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores) => scores.Take(_births);

    public void Learn(in Touch touch)
    {
        if (double.IsNegativeInfinity(_births[touch.Item]))
        {
            _births[touch.Item] = touch.TimeMs;
        }
    }
}

/// <summary>What the user had most often lately; only of use where repeats are tested. Settings are half-lives.</summary>
internal sealed class OwnRepeats(int users) : IBaseline
{
    private static readonly double[] HalfLifeDays = [1, 7, 30, 60, 365];

    private readonly Dictionary<int, double[]>?[] _keys = new Dictionary<int, double[]>?[users];

    public string Name => "own-repeats";

    public IReadOnlyList<string> Settings { get; } = [.. HalfLifeDays.Select(days => $"half-life {days} d")];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores)
    {
        foreach (var (item, keys) in _keys[request.User] ?? [])
        {
            scores.Add(item, double.Exp2(keys[setting] - (request.TimeMs / (HalfLifeDays[setting] * 86_400_000))) + 1e-12);
        }
    }

    public void Learn(in Touch touch)
    {
        var own = _keys[touch.User] ??= [];
        if (!own.TryGetValue(touch.Item, out var keys))
        {
            own[touch.Item] = keys = new double[HalfLifeDays.Length];
            Array.Fill(keys, double.NegativeInfinity);
        }

        for (var h = 0; h < keys.Length; h++)
        {
            var halvings = touch.TimeMs / (HalfLifeDays[h] * 86_400_000);
            keys[h] = double.Log2(double.Exp2(keys[h] - halvings) + 1) + halvings;
        }
    }
}
