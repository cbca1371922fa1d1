namespace Strata.Console;

/// <summary>A line of a chart: its rows, and what was measured since the last one.</summary>
internal sealed class SeriesValues
{
    private const int Sampled = 512;
    private const double Slowest = 0.95;
    private const double Half = 0.5;

    private readonly Queue<double?> _rows = new();
    private readonly List<double> _sample = [];
    private double _sum;
    private double _highest;
    private long _count;

    public void Take(double value)
    {
        _sum += value;
        _highest = _count == 0 ? value : Math.Max(_highest, value);
        if (_sample.Count < Sampled)
        {
            _sample.Add(value);
        }
        else
        {
            _sample[(int)(_count % Sampled)] = value; // the newest of many
        }

        _count++;
    }

    public void Cut(ChartKind kind)
    {
        _rows.Enqueue(kind switch
        {
            ChartKind.Rate => _sum / MetricHistory.Step.TotalSeconds,
            ChartKind.Count => _sum,
            ChartKind.Number => _count / MetricHistory.Step.TotalSeconds,
            _ when _count == 0 => null,
            ChartKind.Highest => _highest,
            ChartKind.Middle => Quantile(Half),
            _ => Quantile(Slowest),
        });
        if (_rows.Count > MetricHistory.Rows)
        {
            _rows.Dequeue();
        }

        (_sum, _count) = (0, 0);
        _sample.Clear();
    }

    /// <summary>The newest rows; a line that began later has none before.</summary>
    /// <param name="rows">Rows of the chart.</param>
    /// <param name="skipped">Those that are not wanted.</param>
    public IReadOnlyList<double?> Since(int rows, int skipped)
        => [.. Enumerable.Repeat<double?>(null, Math.Max(0, rows - _rows.Count)).Concat(_rows).Skip(skipped)];

    private double Quantile(double share)
    {
        _sample.Sort();
        return _sample[(int)(share * (_sample.Count - 1))];
    }
}
