namespace Strata.Evaluator.Baselines;

/// <summary>
/// What came next after the user's last items: Σ_{k&lt;n} ψ^k · B[i_k][j] / (nB[i_k] + λ), where a first touch adds 0.8^k / (1 + days since) from each of the five items before.
/// Grid: n, ψ, λ and the half-life of B.
/// </summary>
internal sealed class Markov : IBaseline
{
    private const int Window = 5;
    private const int Capacity = 200;
    private const double StepDecay = 0.8;
    private const double DayMs = 86_400_000;

    private static readonly double[] HalfLifeDays = [60, double.PositiveInfinity];
    private static readonly int[] Lengths = [1, 2, 3, 5, 10];
    private static readonly double[] Decays = [0.4, 0.55, 0.7, 0.85];
    private static readonly double[] Shrinkages = [0.5, 2, 10];

    private readonly NeighbourTable[] _tables;
    private readonly List<(int Table, int Length, double Decay, double Shrinkage)> _grid = [];

    public Markov(int items, long startMs)
    {
        _tables = [.. HalfLifeDays.Select(days => new NeighbourTable(items, Capacity, days * DayMs, startMs))];
        for (var table = 0; table < _tables.Length; table++)
        {
            foreach (var shrinkage in Shrinkages)
            {
                _grid.AddRange(Lengths.SelectMany(length => (length == 1 ? [1] : Decays).Select(decay => (table, length, decay, shrinkage))));
            }
        }
    }

    public string Name => "markov";

    public IReadOnlyList<string> Settings => [.. _grid.Select(s => $"last {s.Length}, decay {s.Decay}, shrinkage {s.Shrinkage}, half-life {HalfLifeDays[s.Table]} d")];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores)
    {
        var (tableNumber, length, decay, shrinkage) = _grid[setting];
        var table = _tables[tableNumber];
        var pull = shrinkage * table.UnitAt(request.TimeMs);
        var weight = 1.0;
        var items = request.History is { } history ? history.Items : [];
        for (var k = 0; k < Math.Min(length, items.Length); k++)
        {
            var own = weight / (table.Total(items[k]) + pull);
            var neighbours = table.Neighbours(items[k]);
            var weights = table.Weights(items[k]);
            for (var n = 0; n < neighbours.Length; n++)
            {
                scores.Add(neighbours[n], own * weights[n]);
            }

            weight *= decay;
        }
    }

    public void Learn(in Touch touch)
    {
        if (!touch.First || touch.Before is not { } before)
        {
            return;
        }

        foreach (var table in _tables)
        {
            var weight = table.UnitAt(touch.TimeMs);
            for (var k = 0; k < Math.Min(Window, before.Items.Length); k++)
            {
                var gap = weight / (1 + ((touch.TimeMs - before.Times[k]) / DayMs));
                table.Add(before.Items[k], touch.Item, gap);
                table.Count(before.Items[k], gap);
                weight *= StepDecay;
            }
        }
    }
}
